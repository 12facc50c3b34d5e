"""Which projects a reader asks to see, and in which order she sees them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from flask import request, session

from app.sdk import new_secret

from ..models import Edition, Project
from ..rules.contests import CITYWIDE
from ..rules.ordering import shuffled
from ..services.projects import projects
from .voters import voting_now

BY_COST = "cost"
WHOLE_CITY = "-"
"""Stands in addresses and forms for the contest of the whole city."""
_SEED = "participatory_budget_order"


@dataclass(frozen=True, slots=True)
class Filters:
    """What the filters above a list of projects say; empty ones filter nothing."""

    category: str = ""
    district: str = ""
    words: str = ""
    order: str = ""
    contest: str = ""

    @classmethod
    def asked(cls) -> "Filters":
        """Return the filters in the address."""
        order = request.args.get("order", "")
        return cls(
            category=request.args.get("category", "")[:80],
            district=request.args.get("district", "")[:80],
            words=request.args.get("q", "").strip()[:120],
            order=order if order == BY_COST else "",
            contest=request.args.get("contest", "")[:80],
        )

    def in_category(self, key: str) -> "Filters":
        """Return the same filters for another category."""
        return replace(self, category=key)

    def in_contest(self, key: str) -> "Filters":
        """Return the same filters for a contest; an empty key is that of the whole city."""
        return replace(self, contest=key or WHOLE_CITY)

    def of_contest(self, key: str) -> "Filters":
        """Return the filters of another contest: its projects have categories of their own."""
        return replace(self.in_contest(key), category="")

    @property
    def contest_key(self) -> str | None:
        """Return the key of the contest that is asked for; None for none."""
        return {"": None, WHOLE_CITY: CITYWIDE}.get(self.contest, self.contest)

    @property
    def query(self) -> dict[str, str]:
        """Return the part of an address that asks for this; nothing stands there that filters nothing."""
        parts = {
            "category": self.category,
            "district": self.district,
            "q": self.words,
            "order": self.order,
            "contest": self.contest,
        }
        return {name: value for name, value in parts.items() if value}

    @property
    def suffix(self) -> str:
        """Return what to put behind an address to keep these filters."""
        return f"?{urlencode(self.query)}" if self.query else ""

    @property
    def is_narrow(self) -> bool:
        """Tell whether some projects may be left out."""
        return bool(self.category or self.district or self.words)


def found(edition: Edition, filters: Filters) -> Sequence[Project]:
    """Return the projects a reader asks for, in her own random order unless she asks for the cheapest first."""
    kept = projects(edition, category=filters.category, district=filters.district, words=filters.words)
    mixed = shuffled(kept, reader_seed(edition), lambda project: project.number)
    if filters.order == BY_COST:
        return sorted(mixed, key=lambda project: project.cost)
    return mixed


def reader_seed(edition: Edition) -> bytes:
    """Return what a reader's own order follows from, the same as long as her browser knows her."""
    voter = voting_now(edition)
    if voter is not None:
        return voter.seed
    if _SEED not in session:
        session[_SEED] = new_secret()
    return edition.id.bytes + str(session[_SEED]).encode()
