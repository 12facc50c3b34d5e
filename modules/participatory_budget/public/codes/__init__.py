"""Voting without an account: choose a way, get a code, type it in, leave."""

from . import asking, typing_in, ways

__all__ = ["asking", "typing_in", "ways"]
