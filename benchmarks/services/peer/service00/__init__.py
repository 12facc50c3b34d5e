"""The same five tables and the same two pages, for the peer."""
