"""Take a city out of a deployment and put it into one: export, verify, restore, copy (docs/archive-format.md)."""
