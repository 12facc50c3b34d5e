"""What is kept about people: who voted, who brought ideas and what they said."""

from . import ideas, review, voters, votes

__all__ = ["ideas", "review", "voters", "votes"]
