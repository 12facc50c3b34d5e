"""What is kept about people: who voted, who brought ideas and what they said."""

from . import certificates, ideas, review, voters, votes

__all__ = ["certificates", "ideas", "review", "voters", "votes"]
