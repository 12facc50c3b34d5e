"""Codes instead of accounts: sent, printed, typed in."""
