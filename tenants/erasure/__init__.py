"""Erase a city for good: after a time of grace, whole or not at all, with a certificate that says what was removed."""
