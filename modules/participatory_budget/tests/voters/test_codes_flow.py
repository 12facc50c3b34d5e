"""Voting without an account: a code by mail, by text message, on paper."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.sdk import db
from modules.participatory_budget.models import Admission, OneTimeCode, PersonKey, RollEntry
from modules.participatory_budget.rules.ways import Access, Duplicates, Way, write_access
from modules.participatory_budget.services.codes import letters

from .. import arranging
from ..voter import Voter

MAIL = "/vote/code/mail"
CODE = re.compile(r"\b([2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4})\b")
ALL = tuple(Way)


@pytest.fixture
def ways(in_city):
    """Open a vote in which people vote in these ways."""

    def act(*chosen, **more):
        with in_city("paris"):
            edition = arranging.approval()
            edition.voting_ways = write_access(Access(chosen or ALL, **more))
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
        mail = [one for one in mails() if one["recipient"] == address][-1]
        return CODE.search(mail["text"])[1]

    return read


@pytest.fixture
def by_mail(guest, code_to):
    """Return somebody who has been let in by a code that was mailed to her."""

    def act(address="eva@mail.example"):
        person = guest()
        assert person.post(MAIL, {"address": address}).status_code == 303
        answer = person.post("/vote/code", {"code": code_to(address)})
        assert answer.status_code == 303, answer.text
        return person

    return act


def test_somebody_without_an_account_votes_with_a_code_from_her_mail(ways, by_mail, mails):
    ways(Way.ACCOUNT, Way.MAIL)
    eva = by_mail()
    code = eva.vote([1, 2])
    assert any(code in one["text"] for one in mails() if one["recipient"] == "eva@mail.example")
    assert code in eva.get("/vote/receipt").text
