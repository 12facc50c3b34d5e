"""Votes in which people vote in several ways; guests without an account; codes from mails; clerks with names."""

import re

import pytest

from app.sdk import Eligibility, write_eligibility
from modules.participatory_budget.rules.ways import Access, Way, write_access
from modules.participatory_budget.services.codes import letters

from .. import arranging
from ..clerk import Clerk
from ..voter import Voter

CODE = re.compile(r"\b([2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4})\b")


@pytest.fixture
def ways(in_city):
    """Open a vote in which people vote in these ways."""

    def act(*chosen, needs=None, **more):
        with in_city("paris"):
            edition = arranging.approval()
            edition.voting_ways = write_access(Access(chosen or tuple(Way), **more))
            if needs is not None:
                edition.eligibility = write_eligibility(Eligibility(needs))
            arranging.opened(edition)

    return act


@pytest.fixture
def guest(site):
    """Return somebody without an account at a browser of her own."""
    return lambda: Voter(site, None)


@pytest.fixture
def code_to(mails):
    """Return the code in the last mail to an address."""

    def read(address):
        found = [one for one in mails() if one["recipient"] == address.lower()]
        return CODE.search(found[-1]["text"])[1]

    return read


@pytest.fixture
def by_mail(guest, code_to):
    """Return somebody who has been let in by a code that was mailed to her."""

    def act(address="eva@mail.example", **said):
        person = guest()
        asked = person.post("/vote/code/mail", {"address": address, **said})
        assert asked.status_code == 303, asked.text
        answer = person.post("/vote/code", {"code": code_to(address)})
        assert answer.status_code == 303, answer.text
        return person

    return act


@pytest.fixture
def printed(in_city):
    """Return printed codes."""

    def act(number=1, **line):
        with in_city("paris"):
            edition = arranging.edition_of()
            drawn = {name: value(edition) if callable(value) else value for name, value in line.items()}
            _batch, made = letters.make(edition, "Letters", [letters.Line(**drawn)] * number)
            return [one.code for one in made]

    return act


@pytest.fixture
def clerk(site, in_city):
    """Return somebody of the staff at the pages of the edition, by her name."""

    def act(name="editor", role="editor"):
        person = Clerk(site, role=role, email=f"{name}@paris.example")
        person.name = name
        with in_city("paris"):
            person.home = f"{person.home}/{arranging.edition_of().id}"
        return person

    return act
