"""Where a cycle happens: the people of a city, and the work that goes on behind the pages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Protocol, TypeVar

from app.testing.persons import Person

STAFF = "/admin/participatory-budget"
PUBLIC = "/participatory-budget"
T = TypeVar("T")


class World(Protocol):
    """A city with the participatory budget switched on, in English."""

    language: str
    """The city's first language."""

    def person(self, email: str, *, role: str = "resident") -> Person:
        """Return somebody who is signed in, with an address of her own; the same person for the same e-mail address."""

    def stranger(self) -> Person:
        """Return somebody without an account."""

    def work(self) -> None:
        """Return when everything is done that is due."""

    def together(self, number: int, one: Callable[[int], T]) -> Sequence[T]:
        """Let so many people act, at once where there is a network; returns what each did, in order."""


@dataclass(frozen=True, slots=True)
class Size:
    """How large a cycle is."""

    ideas: int
    authors: int
    supporters: int
    supports_each: int
    threshold: int
    projects: int
    voters: int
    paper: int

    def part(self, number: int) -> "Size":
        """Return one in so many of everything that is counted in the city."""
        return replace(
            self,
            ideas=ceil(self.ideas / number),
            authors=ceil(self.authors / number),
            supporters=ceil(self.supporters / number),
            projects=ceil(self.projects / number),
            voters=ceil(self.voters / number),
            paper=ceil(self.paper / number),
        )


# Budapest 2024/25: 720 ideas, 126 projects, 15,756 voters of whom 745 on paper (budapest.hu).
BUDAPEST = Size(
    ideas=720,
    authors=400,
    supporters=600,
    supports_each=4,
    threshold=2,
    projects=126,
    voters=15_011,
    paper=745,
)
SMALL = Size(ideas=12, authors=5, supporters=8, supports_each=4, threshold=2, projects=6, voters=20, paper=4)
Say = Callable[[str], None]
