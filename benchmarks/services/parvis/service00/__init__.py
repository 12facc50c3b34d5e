"""A service to measure with: five tables, a page with one query and a page with eight."""
