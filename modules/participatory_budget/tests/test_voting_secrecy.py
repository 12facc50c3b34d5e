"""After the close nothing in the database, in Redis, in a mail or in a log connects a voter with a choice."""

import logging
import re

import pytest
from sqlalchemy import text

from app.core import redis
from app.sdk import db
from tenants import schema

from . import arranging
from .voter import Voter

PEOPLE = [f"voter{number}@paris.example" for number in range(1, 7)]
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"


@pytest.fixture
def voted(in_city, site):
    """Six people vote, each for another pair of projects; returns what each has chosen."""
    with in_city("paris"):
        arranging.opened(arranging.knapsack(costs=[10] * 8))
    choices = {email: [place, place + 2] for place, email in enumerate(PEOPLE, start=1)}
    for email, numbers in choices.items():
        Voter(site, email).vote(numbers)
    return choices


@pytest.fixture
def sealed(voted, in_city, run_tasks):
    with in_city("paris"):
        arranging.closed(arranging.edition_of())
    run_tasks()
    return voted


@pytest.fixture
def asked(in_city):
    def query(statement):
        with in_city("paris"):
            return db.session.execute(text(statement)).all()

    return query


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("participatory_budget_roll", {"edition_id", "voter"}),
        ("participatory_budget_sealed_ballot", {"edition_id", "position", "contest", "choices"}),
        ("participatory_budget_sealed_receipt", {"edition_id", "leaf"}),
    ],
)
def test_roll_ballots_and_receipts_share_no_column_but_the_edition(asked, table, columns):
    named = f"SELECT attname FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attnum > 0"
    assert {row.attname for row in asked(named)} == columns


def test_one_transaction_wrote_all_ballots_and_all_lines_of_the_roll_anew(sealed, asked):
    linked = asked(
        "SELECT count(*) FROM participatory_budget_roll r"
        " JOIN participatory_budget_sealed_ballot b ON b.xmin = r.xmin"
    )
    assert asked("SELECT count(*) FROM participatory_budget_roll") == [(6,)]
    # Each ballot is joined to each line: that says nothing.
    assert linked == [(36,)]
    lying = [bytes(row.voter) for row in asked("SELECT voter FROM participatory_budget_roll ORDER BY ctid")]
    assert lying == sorted(lying)
    assert len(asked("SELECT DISTINCT xmin::text FROM participatory_budget_sealed_ballot")) == 1
    assert len(asked("SELECT DISTINCT xmin::text FROM participatory_budget_sealed_receipt")) == 1


def test_ballots_and_receipts_lie_in_the_order_of_their_content(sealed, asked):
    ballots = asked("SELECT choices, position FROM participatory_budget_sealed_ballot ORDER BY ctid")
    assert [row.choices for row in ballots] == sorted(row.choices for row in ballots)
    assert [row.position for row in ballots] == list(range(1, 7))
    leaves = asked("SELECT leaf FROM participatory_budget_sealed_receipt ORDER BY ctid")
    assert [row.leaf for row in leaves] == sorted(row.leaf for row in leaves)


def test_the_box_the_drafts_and_the_salt_are_gone(sealed, asked):
    assert asked("SELECT count(*) FROM participatory_budget_ballot") == [(0,)]
    assert asked("SELECT count(*) FROM participatory_budget_draft") == [(0,)]
    assert asked("SELECT slot_salt FROM participatory_budget_edition") == [(None,)]


def test_the_roll_says_nothing_without_the_key_of_the_deployment(sealed, asked, in_city):
    with in_city("paris"):
        ids = {arranging.person(email).id.bytes for email in PEOPLE}
    voters = {bytes(row.voter) for row in asked("SELECT voter FROM participatory_budget_roll")}
    assert len(voters) == 6
    assert not voters & ids


def test_no_row_of_any_table_holds_both_a_voter_and_a_choice(sealed, asked, in_city):
    """Every row that names a voter in any way is read, and none of them names a project."""
    with in_city("paris"):
        known = [(email, str(arranging.person(email).id)) for email in PEOPLE]
    for (table,) in asked(TABLES):
        for (row,) in asked(f'SELECT t::text FROM "{table}" t'):
            if any(email in row or account in row for email, account in known):
                assert not re.search(r"Project \d", row), table
                assert "choices" not in row, table


def test_the_audit_log_has_no_line_for_a_ballot(sealed, asked):
    actions = {row.action for row in asked("SELECT action FROM audit_entry")}
    assert "participatory_budget.ballots_sealed" in actions
    assert not {action for action in actions if "cast" in action or "voted" in action}


def test_work_for_the_worker_names_no_choice(voted, app):
    with app.app_context(), schema.owner_transaction() as connection:
        rows = connection.execute(text("SELECT task, ids FROM shared.outbox")).all()
    mailed = [row for row in rows if row.task == "mail.deliver_soon"]
    assert len(mailed) == 6
    assert all(set(row.ids) == {"mail_id"} for row in mailed)


def test_mails_tell_nothing_of_what_was_chosen(sealed, mails):
    sent = mails()
    assert len(sent) == 6
    for mail in sent:
        assert not re.search(r"Project \d", mail["text"] + mail["html"])


def test_redis_holds_nothing_of_the_vote(sealed, app):
    with app.app_context():
        keys = redis.client().keys("*")
        kept = " ".join(f"{key} {redis.client().dump(key)!r}" for key in keys)
    assert "vote" not in kept
    assert not any(email in kept for email in PEOPLE)


def test_the_log_is_silent_about_who_voted_and_what(in_city, site, caplog):
    with in_city("paris"):
        arranging.opened(arranging.knapsack())
    with caplog.at_level(logging.DEBUG):
        code = Voter(site).vote([1, 3])
        Voter(site, None).post("/receipt", {"code": code})
    written = " ".join(record.getMessage() for record in caplog.records)
    assert code not in written
    assert "anna@paris.example" not in written
    assert "choices" not in written


def test_addresses_of_the_vote_carry_neither_choices_nor_codes(in_city, site):
    with in_city("paris"):
        arranging.opened(arranging.knapsack())
    anna = Voter(site)
    anna.choose([1])
    answer = anna.confirm(anna.paper())
    assert answer.headers["Location"] == "/participatory-budget/2026/vote/receipt"
    assert Voter(site, None).get("/receipt?code=7K3M").status_code == 200
    assert 'value="7K3M"' not in Voter(site, None).get("/receipt?code=7K3M").text


def test_while_people_vote_no_page_says_how_often_a_project_was_chosen(in_city, site):
    with in_city("paris"):
        arranging.opened(arranging.knapsack(costs=[10] * 8))
    for email in PEOPLE:
        Voter(site, email).vote([1, 2])
    before = Voter(site, None)
    for path in ("/", "/projects", "/projects/1", "/projects/2"):
        page = before.get(path)
        assert page.status_code == 200
        assert not re.search(r"\b6 votes?\b", page.text)
    for path in ("/results", "/results/results.csv", "/results/ballots.pb", "/results/protocol.json"):
        assert before.get(path).status_code == 404
