"""Votes that are cast, closed and counted."""

import pytest

from modules.participatory_budget.services import casting, voters
from modules.participatory_budget.tests import arranging
from modules.participatory_budget.tests.voter import Voter


@pytest.fixture
def decided(in_city, site, finish):
    """A vote that is cast, closed and counted: for each voter what she marked, and in which district."""

    def make(edition, ballots, *, publish=True):
        emails = [f"voter{place}@paris.example" for place in range(len(ballots))]
        for email in emails:
            site("paris", role="resident", email=email)
        with in_city("paris"):
            arranging.opened(edition())
        with in_city("paris"):
            open_now = arranging.edition_of()
            for email, (marks, district) in zip(emails, ballots, strict=True):
                who = voters.by_account(open_now, arranging.person(email))
                casting.cast(open_now, who, marks, seen_version=0, key=email, district=district)
        finish(publish=publish)
        return Voter(site, None)

    return make
