"""Ballots on paper and polling places: who voted, what was voted, and never both at once."""
