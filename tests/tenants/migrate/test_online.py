from uuid import uuid4

import pytest

from tenants.migrate import plan


@pytest.fixture
def planted(town, ask):
    """A city at the second revision with seven trees, none of which has the key of its street."""
    city_id = town(grove=2)
    for number in range(7):
        ask(
            f'INSERT INTO "c_{city_id}".grove_tree (id, name, street) VALUES (%s, %s, %s)',
            uuid4(),
            "Oak",
            f"Street {number}",
        )
    return city_id


@pytest.fixture
def keys(ask):
    return lambda city_id: sorted(
        key for (key,) in ask(f'SELECT street_key FROM "c_{city_id}".grove_tree') if key
    )


ALL = [f"street {number}" for number in range(7)]


def test_rows_are_worked_on_in_batches_before_the_next_revision_comes(planted, migrate, at, keys):
    report = migrate()
    assert [str(step) for step in report.done[0].steps if step.owner == "grove"] == [
        "grove: grove_0002 → grove_0003",
        "grove: grove_0003 → grove_0004",
    ]
    assert at(planted)["grove"] == "grove_0004"
    assert keys(planted) == ALL


def test_batches_that_were_done_stay_done_when_a_later_one_fails(planted, migrate, at, keys, ask, copy_of):
    table = f'"c_{planted}".grove_tree'
    ask(f"ALTER TABLE {table} ADD CONSTRAINT late CHECK (street_key <> 'street 6') NOT VALID")
    ask(f"UPDATE {table} SET id = 'ffffffff-ffff-ffff-ffff-ffffffffffff' WHERE street = 'Street 6'")
    report = migrate()
    assert "late" in report.failed[0].error
    assert at(planted)["grove"] == copy_of(planted)[0]["grove"] == "grove_0002"
    assert len(keys(planted)) == 6
    ask(f"ALTER TABLE {table} DROP CONSTRAINT late")
    assert not migrate().failed
    assert at(planted)["grove"] == "grove_0004"
    assert keys(planted) == ALL


def test_a_new_city_has_no_rows_to_work_on(town, at):
    assert at(town(grove=4))["grove"] == "grove_0004"


def test_the_way_is_cut_where_rows_are_worked_on(app, code_at):
    with app.app_context():
        stages = plan.stages(plan.steps({"city": "city_0001", "grove": "grove_0001", "pond": "pond_0001"}))
    found = [[(step.owner, step.start, step.online) for step in stage] for stage in stages]
    assert found == [
        [("city", "city_0001", False), ("grove", "grove_0001", False)],
        [("grove", "grove_0002", True)],
        [("grove", "grove_0003", False), ("pond", "pond_0001", False)],
    ]
