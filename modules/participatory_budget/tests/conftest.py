"""Votes that have been cast, closed, counted and published; and patience with property tests on a busy machine."""

import pytest
from hypothesis import HealthCheck, settings

from modules.participatory_budget.services import drafts

from . import arranging
from .clerk import Clerk
from .voter import Voter

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

# In green 3 and 5 have three votes each, 1 and 2 one each; in the streets 6 has three, 7 has one.
BALLOTS = ([3, 5, 6], [3, 5, 6, 7], [3, 1], [5, 6], [2])


@pytest.fixture
def cast(in_city, site):
    """Cast ballots, each by a resident of its own."""

    def act(ballots=BALLOTS, *, city="paris", slug="2026", prefix="voter"):
        emails = [f"{prefix}{number}@{city}.example" for number in range(len(ballots))]
        for email in emails:
            site(city, role="resident", email=email)
        with in_city(city):
            edition = arranging.edition_of(slug)
            arranging.cast(edition, [(arranging.person(e), b) for e, b in zip(emails, ballots, strict=True)])

    return act


@pytest.fixture
def closed(in_city, cast):
    """A vote by category, closed, with its count asked for and not begun."""
    with in_city("paris"):
        arranging.opened(arranging.approval())
    cast()
    with in_city("paris"):
        arranging.closed(arranging.edition_of())


@pytest.fixture
def counted(closed, run_tasks):
    run_tasks()


@pytest.fixture
def published(counted, in_city):
    with in_city("paris"):
        arranging.published(arranging.edition_of())


@pytest.fixture
def reader(site):
    return Voter(site, None)


@pytest.fixture
def finish(in_city, run_tasks):
    """Close a vote, count it and publish the result."""

    def act(city="paris", slug="2026", *, publish=True):
        with in_city(city):
            arranging.closed(arranging.edition_of(slug))
        run_tasks()
        if publish:
            with in_city(city):
                arranging.published(arranging.edition_of(slug))

    return act


@pytest.fixture
def second(clerk, site):
    """Another administrator, on the same pages as the clerk."""
    found = Clerk(site, email="second@paris.example")
    found.home = clerk.home
    return found


@pytest.fixture
def edition(in_city):
    """Look at the edition."""

    def read(look):
        with in_city("paris"):
            return look(arranging.edition_of())

    return read


@pytest.fixture
def knapsack(in_city):
    with in_city("paris"):
        arranging.opened(arranging.knapsack())


@pytest.fixture
def approval(in_city):
    with in_city("paris"):
        arranging.opened(arranging.approval())


@pytest.fixture
def in_box(in_city):
    """Return what lies in the ballot box for somebody."""

    def look(email="anna@paris.example"):
        with in_city("paris"):
            mine = drafts.my_ballot(arranging.edition_of(), arranging.voter(email))
            return mine.choices

    return look
