"""Once the ballots are sealed, nothing that is kept joins a person to a choice, whoever reads all of it."""

import json
import logging
from uuid import uuid4

import pytest
from sqlalchemy import text

from app.core import redis
from modules.participatory_budget.rules import proof
from modules.participatory_budget.rules.ballots import encode_choices
from tenants import schema

from .. import arranging
from .conftest import PREFIX
from .joins import choices_by_row, joins, shared_by_all
from .traces import choice, keys_of, lines_of, rows_of

BALLOTS = f"{PREFIX}sealed_ballot"
RECEIPTS = (f"{PREFIX}sealed_receipt", f"{PREFIX}log_entry", f"{PREFIX}log_waiting", f"{PREFIX}ballot")


def common_of(rows):
    """Return what tells no voter, no ballot and no receipt from another: the edition, and the work of sealing."""
    tables = (BALLOTS, f"{PREFIX}roll", f"{PREFIX}sealed_receipt")
    return frozenset().union(*(shared_by_all(row for row in rows if row.table == table) for table in tables))


def complaints(world, rows, mails=()):
    """Return all that joins somebody to a choice, a leaf or a slot."""
    common = common_of(rows)
    found = joins(rows, world.people, [BALLOTS, *RECEIPTS], common)
    # Her own mailbox has her receipt code: that leads to the leaf of her receipt, and no further.
    found += joins([*rows, *mails], world.people, [BALLOTS], common | leaves_of(rows))
    return found + choices_by_row([*rows, *mails], world.people, world.reader())


def leaves_of(rows):
    return frozenset(
        value for row in rows if row.table in RECEIPTS for value in row.values if value.startswith("bytes ")
    )


def disorder(connection):
    """Return the tables whose rows lie in an order, or were written at moments, that say more than the rows do."""
    order = {
        "sealed_ballot": 'contest COLLATE "C", choices',
        "sealed_receipt": "leaf",
        "roll": "voter",
        "person_key": "kind, key",
        "let_in": "voter",
    }
    found = []
    for name, keys in order.items():
        table = f"{PREFIX}{name}"
        lying = connection.execute(text(f"SELECT ctid FROM {table} ORDER BY ctid")).all()
        sorted_ = connection.execute(text(f"SELECT ctid FROM {table} ORDER BY {keys}, ctid")).all()
        writers = connection.scalar(text(f"SELECT count(DISTINCT xmin::text) FROM {table}"))
        assert len(lying) > 3, name
        if lying != sorted_ or writers != 1:
            found.append(name)
    return found


@pytest.fixture
def sealed(world):
    """The same vote after the close, with everybody still known by what she was known by before."""
    world.close()
    assert world.finish_paper().status_code == 303
    world.run_tasks()
    with world.in_city("paris"):
        arranging.published(arranging.edition_of())
    world.run_tasks()
    return world


def test_while_people_vote_the_search_finds_the_way_to_every_ballot_on_the_web(world):
    rows = world.database()
    boxes = [f"{PREFIX}ballot"]
    common = shared_by_all(row for row in rows if row.table in boxes)
    found = {way.partition(":")[0] for way in joins(rows, world.people, boxes, common)}
    assert found >= {one.name for one in world.people if one.chosen and "@paris" in one.name}


def test_after_the_sealing_no_join_leads_from_a_person_to_a_choice(sealed):
    rows = sealed.database()
    ballots = {value for row in rows if row.table == BALLOTS for value in row.values}
    # What everybody chose is there, and everybody is: else finding nothing would say nothing.
    assert {choice(one.chosen) for one in sealed.people if one.chosen} <= ballots
    roll = {value for row in rows if row.table == f"{PREFIX}roll" for value in row.values}
    assert all(one.values & roll for one in sealed.people if one.chosen)
    beside, mails = sealed.beside(), sealed.mailed()
    assert {row.where.partition(":")[0] for row in (*beside, *mails)} >= {"redis", "log", "mail"}
    assert complaints(sealed, [*rows, *beside], mails) == []
    with sealed.app.app_context(), schema.owner_transaction() as connection:
        assert disorder(connection) == []
        assert not left_on_disk(connection)


def test_the_search_finds_every_table_that_would_give_somebody_away(sealed):
    """Write down, one after the other, what a careless change might keep, and see it found."""
    everybody = [one for one in sealed.people if one.chosen]
    anna = everybody[0]
    name = next(value.partition(" ")[2] for value in anna.values & on_roll(sealed))
    numbers, marks = anna.chosen, {str(number): 1 for number in anna.chosen}
    mine = {"name": bytes.fromhex(name), "choices": encode_choices(numbers), "id": uuid4()}
    mine |= {"leaf": proof.leaf(sealed.codes["anna-1@paris.example"]), "marks": json.dumps(marks)}
    mine |= {"titles": ", ".join(f"Green city {number}" for number in numbers[:3]), "list": list(numbers)}
    careless = {
        "a ballot that names its voter": [
            "CREATE TABLE vote AS SELECT CAST(:name AS bytea) AS voter, CAST(:choices AS bytea) AS choices"
        ],
        "a session beside the marks of a ballot": [
            "CREATE TABLE one AS SELECT CAST(:name AS bytea) AS voter, CAST(:id AS uuid) AS session",
            "CREATE TABLE two AS SELECT CAST(:id AS text) AS session, CAST(:marks AS jsonb) AS marks",
        ],
        "a row for each project": [
            "CREATE TABLE vote AS SELECT CAST(:name AS bytea) AS voter, n AS project FROM unnest(CAST(:list AS int[])) n"
        ],
        "the leaf of her receipt": [
            "CREATE TABLE receipt AS SELECT CAST(:name AS bytea) AS voter, CAST(:leaf AS bytea) AS leaf"
        ],
        "what she did in the audit log": [
            "CREATE TABLE act AS SELECT jsonb_build_object('who', encode(:name, 'hex'), 'what', CAST(:list AS int[])) AS d"
        ],
        "one transaction for her name and her ballot": [
            "UPDATE participatory_budget_roll SET voter = voter WHERE voter = :name",
            "UPDATE participatory_budget_sealed_ballot SET choices = choices WHERE choices = :choices",
        ],
    }
    for what, statements in careless.items():
        with sealed.undone() as connection:
            for statement in statements:
                connection.execute(text(statement), mine)
            found = complaints(sealed, list(rows_of(connection, sealed.reader())))
        assert any(anna.name in one for one in found), what
    said = logging.makeLogRecord({"msg": f"anna-1@paris.example has chosen {list(numbers)}"})
    with sealed.app.app_context():
        redis.client().set("careless", json.dumps({"voter": name, "marks": marks}))
        kept = list(keys_of(redis.client(), sealed.reader()))
    for careless_rows in (kept, list(lines_of([said], sealed.reader()))):
        assert any(anna.name in one for one in complaints(sealed, [*sealed.database(), *careless_rows]))
    for table in ("sealed_ballot", "sealed_receipt", "roll", "person_key", "let_in"):
        with sealed.undone() as connection:
            # As rows lie that were written when people came.
            connection.execute(
                text(f"CREATE TEMP TABLE was AS SELECT * FROM {PREFIX}{table} ORDER BY random()")
            )
            connection.execute(text(f"DELETE FROM {PREFIX}{table}"))
            connection.execute(text(f"INSERT INTO {PREFIX}{table} SELECT * FROM was"))
            assert table in disorder(connection)


def on_roll(world):
    return {value for row in world.database() if row.table == f"{PREFIX}roll" for value in row.values}


def left_on_disk(connection):
    """Return the tables that were emptied and still take up space, where what was deleted can be read."""
    emptied = ("ballot", "draft", "log_waiting", "arrival", "paper_entry", "admission", "one_time_code")
    sizes = {name: f"SELECT pg_relation_size('{PREFIX}{name}')" for name in emptied}
    return [name for name, size in sizes.items() if connection.scalar(text(size))]
