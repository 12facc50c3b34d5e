"""Work that is asked for twice, at the wrong moment, or beside work that cannot be done."""

from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from app.core import jobs
from app.core.db import end_transaction
from app.sdk import db, now
from modules.participatory_budget import tasks
from modules.participatory_budget.models import Count, CountState, RollEntry
from modules.participatory_budget.rules.phases import Stage
from modules.participatory_budget.services import closing, counting, sealing

from . import arranging


def asked_database():
    return bool(counting.latest(arranging.edition_of()).second_sha256)


@pytest.fixture
def voter(in_city, site):
    site("paris", role="resident", email="anna@paris.example")


@pytest.fixture
def forget_what_was_asked_for(app):
    """Empty the outbox; returns the ids of what was asked for."""

    def act():
        with app.app_context():
            emptied = delete(jobs.outbox).returning(jobs.outbox.c.ids)
            bind = {"bind": db.engines["platform"]}
            rows = db.session.scalars(emptied, bind_arguments=bind).all()
            end_transaction(keep=True)
        return rows

    return act


def test_a_vote_that_cannot_be_sealed_keeps_no_other_from_it(
    in_city, voter, run_tasks, frozen, forget_what_was_asked_for
):
    frozen("2026-11-22T10:00")
    with in_city("paris"):
        for slug in ("a-broken", "b-sound"):
            edition = arranging.opened(arranging.knapsack(slug), days=1)
            arranging.cast(edition, [(arranging.person("anna@paris.example"), [1])])
        db.session.execute(
            delete(RollEntry).where(RollEntry.edition_id == arranging.edition_of("a-broken").id)
        )
    forget_what_was_asked_for()
    frozen("2026-11-23T10:00:01")
    with in_city("paris"):
        tasks.close_due()
    for asked in forget_what_was_asked_for():
        with in_city("paris"):
            tasks.close(**asked)
    forget_what_was_asked_for()
    with in_city("paris"):
        waiting = closing.unsealed()
    for edition_id in waiting:
        with suppress(sealing.BoxAndRollDiffer), in_city("paris"):
            tasks.seal(str(edition_id))
    run_tasks()
    with in_city("paris"):
        assert arranging.edition_of("a-broken").sealed_at is None
        assert arranging.edition_of("a-broken").stage is Stage.COUNTING
        assert arranging.edition_of("b-sound").stage is Stage.COUNTED


def test_a_batch_that_somebody_else_counts_is_not_waited_for(app, in_city, voter):
    with in_city("paris"):
        edition = arranging.opened(arranging.knapsack())
        arranging.cast(edition, [(arranging.person("anna@paris.example"), [1])])
        arranging.closed(edition)
        count_id = counting.latest(edition).id
    with in_city("paris"):
        tasks.count(str(count_id), 0)
        tasks.count_again(str(count_id))
        begun = now()
        with app.app_context(), in_city("paris"):
            tasks.count(str(count_id), 0)
            tasks.count_again(str(count_id))
            assert (counting.latest(arranging.edition_of()).read, asked_database()) == (0, False)
        assert now() - begun < timedelta(seconds=5)
        db.session.rollback()
    with in_city("paris"):
        assert db.session.scalars(select(Count.state)).one() is CountState.RUNNING
    with in_city("paris"):
        tasks.count_again(str(count_id))
        for place in range(4):
            tasks.count(str(count_id), place)
    with in_city("paris"):
        assert db.session.scalars(select(Count.state)).one() is CountState.DONE
