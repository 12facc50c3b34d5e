"""Tests of accounts: attributes, rolls, households."""
