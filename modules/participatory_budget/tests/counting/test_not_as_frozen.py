"""What was changed past the pages is neither counted nor published, and staff read what to do."""

import hashlib
import json
from datetime import timedelta

import pytest
from sqlalchemy import MetaData, delete, text, update

from app.sdk import Conflict, db, now
from modules.participatory_budget.models import CountState, Failure, RollEntry, RuleVersion
from modules.participatory_budget.rules.phases import Stage
from modules.participatory_budget.rules.schedule import Part, Span, read_schedule, write_schedule
from modules.participatory_budget.services import certifying, closing, counting, frozen, sealing
from tenants import schema

from .. import arranging
from ..clerk import Clerk


@pytest.fixture
def hub(site, in_city):
    def read():
        clerk = Clerk(site)
        with in_city("paris"):
            clerk.home = f"{clerk.home}/{arranging.edition_of().id}"
        return clerk.words()

    return read


def dearer(edition, cost=999):
    edition.projects[0].cost = cost


def test_ballots_are_sealed_but_not_counted_by_other_rules(approval, cast, in_city, run_tasks, hub):
    cast()
    with in_city("paris"):
        edition = arranging.edition_of()
        was = edition.projects[0].cost
        dearer(edition)
        arranging.closed(edition)
    run_tasks()
    with in_city("paris"):
        edition = arranging.edition_of()
        found = counting.latest(edition)
        assert (found.state, found.failure, found.read) == (CountState.FAILED, Failure.RULES_DIFFER, 0)
        assert edition.sealed_at is not None
        with pytest.raises(Conflict):
            counting.start_again(edition.id)
    assert "not those that were frozen. Nothing was published" in hub()
    with in_city("paris"):
        dearer(arranging.edition_of(), was)
        counting.start_again(arranging.edition_of().id)
    run_tasks()
    with in_city("paris"):
        assert counting.latest(arranging.edition_of()).state is CountState.DONE


def test_rules_that_change_while_it_is_counted_end_the_count(closed, in_city, run_tasks):
    with in_city("paris"):
        count = counting.latest(arranging.edition_of())
        for _part in range(2):
            counting.go_on(count.id, counting._place(count))
        dearer(arranging.edition_of())
    run_tasks()
    with in_city("paris"):
        assert counting.latest(arranging.edition_of()).failure == Failure.RULES_DIFFER


def test_a_signed_result_is_not_published_once_projects_differ(
    counted, in_city, hub, run_tasks, frozen_clock
):
    with in_city("paris"):
        arranging.certified(arranging.edition_of())
        certifying.publish_result(arranging.edition_of().id, now() + timedelta(hours=1))
        dearer(arranging.edition_of())
        with pytest.raises(Conflict):
            certifying.publish_result(arranging.edition_of().id)
    assert "The result is not published" in hub()
    frozen_clock(timedelta(hours=2))
    run_tasks()
    with in_city("paris"):
        assert arranging.edition_of().stage is Stage.COUNTED
        assert not certifying.publish_if_due(arranging.edition_of().id)


def test_a_vote_that_is_closed_early_is_as_its_newest_version_says(
    approval, cast, in_city, run_tasks, reader
):
    cast()
    with in_city("paris"):
        arranging.closed(arranging.edition_of())
        assert frozen.is_as_frozen(arranging.edition_of())
    assert "The vote was closed earlier than planned." in reader.get("/rules").text


def test_the_hub_says_that_box_and_roll_differ_and_what_to_do(approval, cast, in_city, hub, frozen_clock):
    cast()
    with in_city("paris"):
        edition = arranging.edition_of()
        closing.close_now(edition.id)
        one = db.session.query(RollEntry.voter).limit(1).scalar()
        db.session.execute(delete(RollEntry).where(RollEntry.voter == one))
    assert "cannot be sealed" not in hub()
    frozen_clock(timedelta(minutes=10))
    with in_city("paris"), pytest.raises(sealing.BoxAndRollDiffer):
        closing.seal_and_count(arranging.edition_of().id)
    assert "The ballots cannot be sealed: 5 lie in the box, and 4 voters are on the roll." in hub()


def test_a_realisation_that_waited_for_the_result_opens_with_it(counted, in_city):
    with in_city("paris"):
        edition = arranging.edition_of()
        held = Span(now() - timedelta(days=1), None, held=True)
        edition.schedule = write_schedule({Part.REALISATION: held})
        arranging.published(edition)
        assert not read_schedule(edition.schedule)[Part.REALISATION].held


@pytest.fixture
def frozen_clock(frozen):
    """Let so much time pass, and then stand still."""
    return lambda passed: frozen(now() + passed)


def test_a_release_that_knows_more_or_fewer_rules_does_not_stop_a_vote_that_is_on(app, approval, in_city):
    with in_city("paris"):
        written = json.loads(frozen.version_of(arranging.edition_of(), 1).document)
    written["rules"]["a_rule_of_yesterday"] = True
    del written["rules"]["tie_break"]
    # No city may change what is frozen; another release would have written it so.
    with app.app_context(), schema.owner_transaction() as connection:
        table = RuleVersion.__table__.to_metadata(MetaData(), schema="c_testparis")
        words = json.dumps(written)
        digest = hashlib.sha256(words.encode()).hexdigest()
        connection.execute(update(table).values(document=words, digest=digest))
    with in_city("paris"):
        edition = arranging.edition_of()
        assert frozen.is_as_frozen(edition)
        dearer(edition)
        db.session.flush()
        assert not frozen.is_as_frozen(edition)


def test_frozen_dates_are_the_same_by_whatever_clock_the_database_goes(closed, in_city):
    with in_city("paris"):
        db.session.execute(text("SET LOCAL TimeZone TO 'Asia/Tokyo'"))
        edition = arranging.edition_of()
        assert edition.closes_at.utcoffset() == timedelta(hours=9)
        assert frozen.is_as_frozen(edition)
