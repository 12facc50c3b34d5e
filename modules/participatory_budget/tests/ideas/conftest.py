"""An edition that takes ideas, and residents who bring them."""

from datetime import timedelta

import pytest

from app.sdk import now
from modules.participatory_budget.models import District
from modules.participatory_budget.rules.ideas.rules import IdeaRules, Publication, write_idea_rules
from modules.participatory_budget.rules.schedule import Part, Span, write_schedule
from modules.participatory_budget.services import editions

from .. import arranging
from .author import Author


def _square(west: float, south: float, size: float) -> dict[str, object]:
    ring = [
        [west, south],
        [west + size, south],
        [west + size, south + size],
        [west, south + size],
        [west, south],
    ]
    return {"type": "Polygon", "coordinates": [ring]}


OUTLINES = {
    "type": "FeatureCollection",
    "features": [
        {"type": "Feature", "properties": {"name": "North"}, "geometry": _square(2.30, 48.90, 0.02)},
        {"type": "Feature", "properties": {"name": "South"}, "geometry": _square(2.30, 48.88, 0.02)},
    ],
}


@pytest.fixture
def collecting(in_city):
    """Open phases of the edition, with rules for ideas; by default ideas are taken and shown at once."""

    def act(*parts: Part, **rules: object):
        with in_city("paris"):
            edition = arranging.edition_of()
            set_phases(edition, parts or (Part.IDEAS,))
            known = {"publication": Publication.AT_ONCE, **rules}
            edition.idea_rules = write_idea_rules(IdeaRules(**known))

    return act


def set_phases(edition, parts) -> None:
    """Open these phases now and end all others yesterday."""
    moment = now()
    found = {Part.IDEAS: Span(moment - timedelta(days=9), moment - timedelta(days=1))}
    found |= {part: Span(moment - timedelta(days=1), moment + timedelta(days=9)) for part in parts}
    edition.schedule = write_schedule(found)


@pytest.fixture
def edition(in_city):
    """An edition that residents see, with two categories and two districts on a map."""
    with in_city("paris"):
        made = arranging.approval()
        made.districts = [
            District(key="north", position=0, name="North"),
            District(key="south", position=1, name="South"),
        ]
        made.outlines = OUTLINES
        editions.show(made.id)


@pytest.fixture
def taking(edition, collecting):
    """The edition while ideas are taken and shown at once."""
    collecting()


@pytest.fixture
def author(site, in_city):
    """Open a browser of a resident who writes ideas; nobody's account is new unless asked."""

    def make(email: str = "anna@paris.example", *, young: bool = False, **options) -> Author:
        made = Author(site, email, **options)
        if not young:
            with in_city("paris"):
                arranging.person(email).created_at = now() - timedelta(days=300)
        return made

    return make


@pytest.fixture
def anna(author):
    return author()


@pytest.fixture
def ben(author):
    return author("ben@paris.example")


@pytest.fixture
def in_edition(in_city):
    """Run something with the edition: `in_edition(lambda edition: …)`."""

    def act(do):
        with in_city("paris"):
            return do(arranging.edition_of())

    return act
