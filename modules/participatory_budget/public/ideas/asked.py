"""Which ideas a reader asks to see, and in which order she sees them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from flask import request, url_for

from ...models import Edition, Idea
from ...services.ideas import authors, files, finding, wording
from ...services.ideas.finding import Asked, Order, Standing
from ...services.ideas.rules_of import shows_supports
from ..filters import reader_seed

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Card:
    """An idea as lists show it; `supports` is None where the number is not shown."""

    idea: Idea
    url: str
    authors: Sequence[authors.Author]
    status: wording.Status
    picture: files.Shown | None
    comments: int
    supports: int | None
    metres: int | None = None


def asked(edition: Edition) -> Asked:
    """Return the filters in the address."""
    order = _one_of(Order, request.args.get("order", ""), Order.RANDOM)
    if order is Order.SUPPORT and not shows_supports(edition):
        order = Order.RANDOM
    return Asked(
        category=_plain("category"),
        district=_plain("district"),
        standing=_one_of(Standing, request.args.get("state", ""), Standing.ANY),
        words=_plain("q"),
        order=order,
        seed=reader_seed(edition) if order is Order.RANDOM else b"",
    )


def cards(
    edition: Edition, ideas: Sequence[Idea], metres: dict[UUID, int | None] | None = None
) -> list[Card]:
    """Return ideas as lists show them, in a bounded number of queries."""
    names, states = authors.authors_of(ideas), wording.statuses(ideas)
    pictures, said = files.pictures(ideas), finding.comment_counts(ideas)
    with_numbers = shows_supports(edition)
    return [
        Card(
            idea,
            address(edition, idea),
            names[idea.id],
            states[idea.id],
            pictures.get(idea.id),
            said.get(idea.id, 0),
            idea.supports if with_numbers else None,
            (metres or {}).get(idea.id),
        )
        for idea in ideas
    ]


def cards_alike(edition: Edition, found: Iterable[finding.Alike]) -> list[Card]:
    """Return ideas that are alike, with how far away they are."""
    known = list(found)
    return cards(edition, [one.idea for one in known], {one.idea.id: one.metres for one in known})


def address(edition: Edition, idea: Idea) -> str:
    """Return the address of an idea's page."""
    return url_for("participatory_budget_public.idea", slug=edition.slug, number=idea.number or 0)


def _plain(name: str) -> str:
    return request.args.get(name, "").replace("\x00", "").strip()[:120]


def _one_of(kinds: type[Choice], asked_for: str, usual: Choice) -> Choice:
    try:
        return kinds(asked_for)
    except ValueError:
        return usual
