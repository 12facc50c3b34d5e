from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.accounts.models import Account, AccountLink, AccountRequest, AccountSession
from app.accounts.privacy import retention
from app.core.db import db
from app.notify.mail import CityMail

START = datetime(2026, 11, 1, 10, tzinfo=UTC)


@pytest.fixture
def left(in_city, frozen):
    """Forget some days later, and return how many rows are left of a kind."""

    def count(model, days):
        frozen(START + timedelta(days=days))
        with in_city():
            retention.retain()
        with in_city():
            return db.session.scalar(select(func.count()).select_from(model))

    return count


@pytest.fixture(autouse=True)
def one_of_each(frozen, known, site, sign_in, mails):
    frozen(START)
    known()
    sign_in(site())
    site().post("/sign-in/link", data={"email": "ines@example.org"})
    site().post("/sign-up", data={"name": "Otto", "email": "otto@example.org"})
    assert len(mails()) == 2


def test_requests_go_after_two_days(left):
    assert left(AccountRequest, 2) == 2
    assert left(AccountRequest, 2.1) == 0


def test_links_go_when_they_are_over(left):
    assert left(AccountLink, 0.5) == 1
    assert left(AccountLink, 1.1) == 0


def test_an_address_that_was_never_confirmed_goes_after_a_week(left, in_city):
    assert left(Account, 7) == 2
    assert left(Account, 7.1) == 1
    with in_city():
        assert db.session.scalars(select(Account.email)).all() == ["ines@example.org"]


def test_sessions_go_when_they_are_over(left):
    assert left(AccountSession, 30) == 1
    assert left(AccountSession, 30.1) == 0


def test_mails_go_after_thirty_days(left):
    assert left(CityMail, 30) == 2
    assert left(CityMail, 30.1) == 0
