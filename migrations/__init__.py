"""Schema history of the platform and of every city."""
