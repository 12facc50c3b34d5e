"""Lists of residents that an authority keeps, and codes for letters; of both the city keeps keyed hashes only."""
