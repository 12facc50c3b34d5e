import io
from uuid import UUID

import pytest
from sqlalchemy import select, text

from app.core.context import serving
from app.core.db import db, end_transaction
from modules.participatory_budget.models import Ballot, Draft, Edition, RollEntry
from tenants import resolve, schema
from tenants.archive.errors import Refused
from tenants.archive.export import Wish, export
from tenants.archive.restore import Wish as Restoring
from tenants.archive.restore import replace_contents, restore
from tenants.models import CityRecord

from .conftest import NOON, exported, members

OPEN, CLOSED = UUID(int=1), UUID(int=2)


@pytest.fixture
def voting(in_city):
    """The id of a city with a vote that is open and one that is sealed."""
    with in_city("paris"):
        for ident, slug, salt in ((OPEN, "spring", b"s" * 32), (CLOSED, "autumn", None)):
            db.session.add(Edition(id=ident, slug=slug, currency="EUR", slot_salt=salt, created_at=NOON))
            db.session.flush()
            db.session.add(RollEntry(edition_id=ident, voter=b"v" * 32))
        db.session.add(Draft(edition_id=OPEN, voter=b"v" * 32, choices=[1], updated_at=NOON))
        db.session.add(
            Ballot(edition_id=OPEN, slot=b"o" * 32, version=1, choices=b"\x00\x01", leaf=b"l" * 32)
        )
    return "testparis"


def on_the_roll(app, slug):
    with app.app_context(), serving(resolve.city_by_slug(slug)):
        found = set(db.session.scalars(select(RollEntry.edition_id)))
        ballots = db.session.scalar(text("SELECT count(*) FROM participatory_budget_ballot"))
        end_transaction(keep=False)
        return found, ballots


def test_an_open_vote_is_refused_on_another_deployment(there, voting, commit):
    with commit():
        archive = exported(voting)
    assert b"participatory_budget: vote spring" in members(archive)["README.md"]
    assert b"autumn" not in members(archive)["README.md"].partition(b"## What is in it")[0]
    with commit(there):
        with pytest.raises(Refused, match=r"vote spring.*vote twice.*--empty-open-votes"):
            restore(io.BytesIO(archive), address="paris")
        made = restore(io.BytesIO(archive), address="paris", wish=Restoring(empty_open_votes=True))
        end_transaction(keep=True)
        assert made.emptied == ("participatory_budget: vote spring",)
        assert made.id != voting
    assert on_the_roll(there, "paris") == ({CLOSED}, 0)
    with commit(there):
        assert b"vote spring" not in members(exported(made.id))["README.md"]


def test_it_goes_on_where_key_and_city_are_the_same(app, voting, commit):
    with commit():
        archive = exported(voting)
        # Beside the city itself it would be another city.
        with pytest.raises(Refused):
            restore(io.BytesIO(archive), address="lutece")
        replace_contents(voting, io.BytesIO(archive))
        end_transaction(keep=True)
    assert on_the_roll(app, "paris") == ({OPEN, CLOSED}, 1)


def test_a_lost_city_comes_back_under_its_id_with_its_open_vote(app, in_city, voting, commit):
    with commit():
        archive = exported(voting)
        first = restore(io.BytesIO(archive), address="lutece", wish=Restoring(empty_open_votes=True))
        end_transaction(keep=True)
    with in_city("lutece"):
        db.session.add(RollEntry(edition_id=OPEN, voter=b"w" * 32))
    with commit():
        archive = exported(first.id)
    with commit():
        schema.drop(f"c_{first.id}")
        db.session.delete(db.session.get_one(CityRecord, first.id))
    with commit():
        again = restore(io.BytesIO(archive), address="lutece")
        end_transaction(keep=True)
        assert again.id == first.id
        assert exported(again.id) == archive
    assert on_the_roll(app, "lutece") == ({OPEN, CLOSED}, 0)


def test_a_vote_in_which_nobody_has_voted_binds_nothing(app, there, in_city, commit):
    with in_city("paris"):
        db.session.add(Edition(id=OPEN, slug="spring", currency="EUR", slot_salt=b"s" * 32, created_at=NOON))
    with commit():
        archive = exported("testparis")
    with commit(there):
        assert restore(io.BytesIO(archive), address="paris").emptied == ()


def test_an_export_for_the_city_itself_is_refused_while_a_vote_is_open(app, voting, commit):
    with commit(), pytest.raises(Refused, match="vote spring"):
        export(voting, io.BytesIO(), wish=Wish(open_votes=False))
