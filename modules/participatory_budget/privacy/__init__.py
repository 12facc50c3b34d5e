"""What is kept about people: who voted, who brought ideas and what they said."""

from . import ideas, votes

__all__ = ["ideas", "votes"]
