"""Turnout in numbers: counted as ballots come in, shown with small numbers hidden, compared with the census."""
