import hashlib

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.sdk import db
from modules.participatory_budget.rules import chain, proof
from modules.participatory_budget.services import ballot_log
from modules.participatory_budget.tests import arranging
from modules.participatory_budget.tests.voter import Voter


def leaf(number):
    return hashlib.sha256(str(number).encode()).digest()


@pytest.fixture
def edition(in_city, frozen):
    frozen("2026-11-22T10:00")
    with in_city("paris"):
        arranging.opened(arranging.approval())


def append(in_city, numbers):
    for number in numbers:
        with in_city("paris"):
            ballot_log.append(arranging.edition_of(), leaf(number))


def test_a_crowd_of_leaves_becomes_a_batch_in_the_order_of_the_leaves(edition, in_city):
    append(in_city, range(12))
    with in_city("paris"):
        assert ballot_log.seal_batch(arranging.edition_of()).leaves == 12
    with in_city("paris"):
        found = list(ballot_log.entries(arranging.edition_of()))
        assert found == [(1, one) for one in sorted(map(leaf, range(12)))]
        assert db.session.scalar(text("SELECT count(*) FROM participatory_budget_log_waiting")) == 0
        lying = db.session.scalars(
            text("SELECT leaf FROM participatory_budget_log_entry ORDER BY ctid")
        ).all()
        assert [bytes(one) for one in lying] == [one for _batch, one in found]
        written = text("SELECT count(DISTINCT xmin::text) FROM participatory_budget_log_entry")
        assert db.session.scalar(written) == 1


def test_few_leaves_wait_for_company_an_hour_or_for_the_close(edition, in_city, frozen):
    append(in_city, range(3))
    with in_city("paris"):
        assert ballot_log.seal_batch(arranging.edition_of()) is None
    frozen("2026-11-22T11:00:30")
    with in_city("paris"):
        batch = ballot_log.seal_batch(arranging.edition_of())
        assert (batch.leaves, batch.sealed_at.isoformat()) == (3, "2026-11-22T11:00:00+00:00")
    append(in_city, [3])
    with in_city("paris"):
        assert ballot_log.seal_batch(arranging.edition_of(), last=True).number == 2
        assert ballot_log.seal_batch(arranging.edition_of(), last=True) is None


def test_the_published_entries_give_the_head_that_was_shown(edition, in_city):
    for first in (0, 20, 40):
        append(in_city, range(first, first + 10))
        with in_city("paris"):
            ballot_log.seal_batch(arranging.edition_of())
    with in_city("paris"):
        edition = arranging.edition_of()
        entries, head = list(ballot_log.entries(edition)), ballot_log.head(edition)
        assert chain.head_of(entries) == head.hash
        assert chain.head_of(entries[1:]) != head.hash
        assert [batch.previous for batch in ballot_log.batches(edition)][1:] == [
            batch.hash for batch in ballot_log.batches(edition)
        ][:-1]


def test_a_leaf_is_known_from_the_moment_it_is_appended(edition, in_city):
    append(in_city, [1])
    with in_city("paris"):
        edition = arranging.edition_of()
        assert ballot_log.has(edition, leaf(1))
        assert not ballot_log.has(edition, leaf(2))
        ballot_log.seal_batch(edition, last=True)
        assert ballot_log.has(edition, leaf(1))
        assert ballot_log.missing(edition, [leaf(1), leaf(2)]) == 1


def test_an_act_that_is_repeated_later_is_in_the_log_once(edition, in_city):
    append(in_city, [1, 1])
    with in_city("paris"):
        assert ballot_log.seal_batch(arranging.edition_of(), last=True).leaves == 1
    append(in_city, [1])
    with in_city("paris"):
        assert ballot_log.seal_batch(arranging.edition_of(), last=True) is None
    append(in_city, [2])
    with in_city("paris"):
        assert ballot_log.seal_batch(arranging.edition_of(), last=True).number == 2


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM participatory_budget_log_entry",
        "UPDATE participatory_budget_log_entry SET batch = 2",
        "DELETE FROM participatory_budget_log_batch",
        "UPDATE participatory_budget_log_batch SET leaves = 0",
        "TRUNCATE participatory_budget_log_entry",
    ],
)
def test_the_city_itself_cannot_take_anything_out_of_the_log(edition, in_city, statement):
    append(in_city, [1])
    with in_city("paris"):
        ballot_log.seal_batch(arranging.edition_of(), last=True)
    with pytest.raises(ProgrammingError, match="permission denied"), in_city("paris"):
        db.session.execute(text(statement))


def test_a_log_with_a_gap_is_no_chain():
    with pytest.raises(chain.ChainError, match="batch 2 expected, found 3"):
        chain.head_of([(1, leaf(1)), (3, leaf(2))])
    assert chain.head_of([]) == chain.START


def test_batches_are_linked_as_the_log_links_them():
    made = list(chain.linked([[leaf(2), leaf(1)], [leaf(3)]]))
    entries = [(1, leaf(1)), (1, leaf(2)), (2, leaf(3))]
    assert chain.head_of(entries) == made[-1].hash
    assert made[1].previous == made[0].hash


def test_the_published_log_has_every_receipt_that_is_counted_and_the_head_that_was_shown(
    in_city, site, run_tasks
):
    with in_city("paris"):
        arranging.opened(arranging.knapsack())
    anna = Voter(site)
    first = anna.vote([1])
    anna.post("/vote/change")
    second = anna.vote([3])
    reader = Voter(site, None)
    assert reader.get("/results/log.txt").status_code == 404
    assert reader.get("/results/receipts.txt").status_code == 404
    with in_city("paris"):
        arranging.closed(arranging.edition_of())
    run_tasks()
    with in_city("paris"):
        arranging.published(arranging.edition_of())
        head = ballot_log.head(arranging.edition_of()).hash
    lines = [line.split() for line in reader.get("/results/log.txt").text.splitlines()]
    entries = [(int(batch), bytes.fromhex(one)) for batch, one in lines]
    assert {one for _batch, one in entries} == {proof.leaf(first), proof.leaf(second)}
    assert chain.head_of(entries) == head
    assert head.hex() in reader.get("/receipt").text
    assert reader.get("/results/receipts.txt").text.split() == [proof.leaf(second).hex()]
