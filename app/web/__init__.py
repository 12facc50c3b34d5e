"""HTTP: hosts, gates, forms, errors, look; what every page stands on."""
