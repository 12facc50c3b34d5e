"""Who has voted and deletes her account: the vote counts, and she cannot vote a second time."""

from sqlalchemy import func, select

from app.accounts import services
from app.accounts.models import Account, Role
from app.accounts.privacy import leaving
from app.core.db import db
from modules.participatory_budget.models import Ballot, Draft, Edition, RollEntry
from modules.participatory_budget.services import casting, drafts

from . import arranging
from .voter import Voter


def leave(in_city, email):
    with in_city():
        account = db.session.scalars(select(Account).where(Account.email == email)).one()
        told = [one.what for one in leaving.look_ahead(account).stays]
        leaving.leave(account, email)
    return told


def rows(in_city, model):
    with in_city():
        return db.session.scalar(select(func.count()).select_from(model))


def test_a_vote_stays_counted_and_nobody_votes_twice_by_coming_back(knapsack, site, in_city, in_box):
    Voter(site).vote([1, 3])
    assert in_box() == (1, 3)
    told = leave(in_city, "anna@paris.example")
    assert len(told) == 2, "her vote, and the hashes by which she is known"
    assert (rows(in_city, RollEntry), rows(in_city, Ballot)) == (1, 1)

    again = Voter(site)
    assert in_box() == (1, 3), "it is her ballot again, which she may change and not add to"
    again.choose([2])
    with in_city():
        edition = db.session.scalars(select(Edition)).one()
        anna = arranging.voter("anna@paris.example")
        assert casting.has_voted(edition, anna)
        version = drafts.my_ballot(edition, anna).version
        casting.cast(edition, anna, {2: 1}, seen_version=version, key="again")
    assert (rows(in_city, RollEntry), rows(in_city, Ballot)) == (1, 1)


def test_what_was_chosen_and_not_confirmed_goes(knapsack, site, in_city):
    anna = Voter(site)
    anna.choose([1])
    assert rows(in_city, Draft) == 1
    leave(in_city, "anna@paris.example")
    assert rows(in_city, Draft) == 0
    with in_city():
        new = services.create_confirmed("anna@paris.example", "Anna", role=Role.RESIDENT, language="en")
        assert new.id is not None
    assert rows(in_city, RollEntry) == 0


def test_who_has_not_voted_is_not_known_when_she_comes_back(knapsack, site, in_city):
    Voter(site)
    with in_city():
        before = db.session.scalars(select(Account.id).where(Account.email == "anna@paris.example")).one()
    leave(in_city, "anna@paris.example")
    Voter(site)
    with in_city():
        after = db.session.scalars(select(Account.id).where(Account.email == "anna@paris.example")).one()
    assert before != after
