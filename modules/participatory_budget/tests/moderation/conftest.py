"""An edition in Paris with ideas that wait for a moderator, and browsers of those who are concerned."""

import pytest

from modules.participatory_budget.tests.arranging import edition_of
from modules.participatory_budget.tests.clerk import PAGES, Clerk

from . import arranging

ANNA, BELA = "anna@paris.example", "bela@paris.example"


@pytest.fixture
def edition(in_city, site, frozen):
    """An edition that takes ideas; Anna and Béla are residents."""
    frozen("2026-11-02T09:00")
    for email in (ANNA, BELA):
        site("paris", role="resident", email=email)
    with in_city("paris"):
        return arranging.edition_with_ideas().id


@pytest.fixture
def hand_in(in_city, edition):
    """Hand ideas in; returns the number of the last one."""

    def act(*titles, email=ANNA, **more):
        with in_city("paris"):
            return [arranging.hand_in(edition_of(), email, title, **more).number for title in titles][-1]

    return act


@pytest.fixture
def moderator(site, edition):
    """Somebody of the staff who moderates."""

    def make(email="mod@paris.example", role="editor"):
        clerk = Clerk(site, role=role, email=email)
        clerk.home = f"{PAGES}/{edition}"
        return clerk

    return make


@pytest.fixture
def inbox(site):
    """Read what somebody was told, in English."""

    def read(email):
        browser = site("paris", role="resident", email=email)
        return browser.get("/account/inbox", headers={"Accept-Language": "en"}).text

    return read
