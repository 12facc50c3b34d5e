"""Ways to vote, printed codes, doubts."""

from . import doubts, letters, ways

__all__ = ["doubts", "letters", "ways"]
