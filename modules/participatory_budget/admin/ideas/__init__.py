"""Pages for staff about ideas: the rules by which they are taken, and writing one down for somebody."""

from . import pages

__all__ = ["pages"]
