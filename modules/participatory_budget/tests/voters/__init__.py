"""Votes without an account, on paper and at polling places."""
