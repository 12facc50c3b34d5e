"""Doors to the outside: mail and files, each with a null form for tests."""
