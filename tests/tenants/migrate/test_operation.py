import pytest

from app.core.db import db, end_transaction
from tenants import operations
from tenants.models import Operation, OperationState


@pytest.fixture
def operate(app, run_tasks):
    """Ask for a migration and return what became of the operation."""

    def do(city_id):
        with app.app_context():
            asked = operations.ask("migrate", city_id).id
            end_transaction(keep=True)
        run_tasks()
        with app.app_context():
            return db.session.get_one(Operation, asked)

    return do


def test_an_operator_has_one_city_migrated(operate, town, at):
    mine, other = town(grove=1), town(grove=1)
    done = operate(mine)
    assert done.state is OperationState.DONE
    assert "grove: grove_0003 → grove_0004" in done.outcome["steps"]
    assert (at(mine)["grove"], at(other)["grove"]) == ("grove_0004", "grove_0001")


def test_asked_again_there_is_nothing_to_do(operate, town):
    city_id = town(grove=1)
    operate(city_id)
    assert operate(city_id).outcome == {"done": 0, "total": 0, "steps": []}


def test_a_city_that_cannot_be_migrated_says_why(operate, town, ask, copy_of):
    city_id = town(grove=1)
    ask(f'CREATE TABLE "c_{city_id}".ix_grove_tree_street_key (id int PRIMARY KEY)')
    failed = operate(city_id)
    assert failed.state is OperationState.FAILED
    assert "already exists" in failed.error
    assert copy_of(city_id)[1] == failed.error


def test_all_cities_can_be_asked_for_at_once(operate, town, ask, at):
    bad, fine = town(grove=1), town(grove=1)
    ask(f'CREATE TABLE "c_{bad}".ix_grove_tree_street_key (id int PRIMARY KEY)')
    assert "1 of 4 cities failed" in operate(None).error
    assert at(fine)["grove"] == "grove_0004"
