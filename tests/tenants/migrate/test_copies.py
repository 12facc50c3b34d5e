import json

import pytest

from tenants import owner
from tenants.migrate import replay, survey
from tenants.migrate.plan import Step

NONE_DONE = (0, [], [])


def test_a_city_that_the_copy_does_not_know_is_asked_itself(town, migrate, ask, at, copy_of):
    behind, current = town(grove=1), town(grove=4)
    ask("DELETE FROM platform.city_revision")
    report = migrate()
    assert behind in {one.city.city_id for one in report.done}
    assert current not in {one.city.city_id for one in report.done}
    assert copy_of(current) == (at(current), "")
    assert copy_of(behind) == (at(behind), "")


def test_a_copy_that_lags_behind_does_no_harm(town, migrate, ask, at, copy_of):
    city_id = town(grove=4)
    old = '{"city": "city_0001", "grove": "grove_0001"}'
    ask("UPDATE platform.city_revision SET revisions = %s WHERE city_id = %s", old, city_id)
    before = at(city_id)
    report = migrate()
    assert not report.failed
    assert at(city_id) == {**before, **at(city_id)}
    assert copy_of(city_id) == (at(city_id), "")


def test_a_copy_that_runs_ahead_is_found_by_asking_every_city(town, migrate, ask, at, copy_of):
    city_id = town(city=1, grove=1)
    migrate(cities=(city_id,), only=("city",))
    ahead = json.dumps({**at(city_id), "grove": "grove_0004"})
    ask("UPDATE platform.city_revision SET revisions = %s WHERE city_id = %s", ahead, city_id)
    report = migrate(cities=(city_id,))
    assert (report.planned, report.done, report.failed) == NONE_DONE
    assert at(city_id)["grove"] == "grove_0001"
    report = migrate(cities=(city_id,), check=True)
    assert (report.corrected, len(report.done)) == (1, 1)
    assert at(city_id)["grove"] == "grove_0004"
    assert copy_of(city_id) == (at(city_id), "")


def test_when_nothing_is_to_be_done_one_query_says_so(app, town, migrate, ask):
    for _number in range(5):
        town(grove=1)
    migrate(check=True)
    with app.app_context(), owner.connect(owner.address()) as connection:
        asked = []
        execute = connection.execute
        connection.execute = lambda *words, **more: (asked.append(words), execute(*words, **more))[1]
        found = survey.survey(connection)
    assert len(asked) == 1
    assert found.pending == []
    assert found.current >= 5


def test_a_city_without_tables_is_left_to_whoever_makes_it(app, town, migrate, ask, copy_of):
    city_id = town(grove=1)
    ask(f'DROP SCHEMA "c_{city_id}" CASCADE')
    ask(f'DROP ROLE "c_{city_id}"')
    ask("DELETE FROM platform.city_revision WHERE city_id = %s", city_id)
    report = migrate(cities=(city_id,))
    assert (report.planned, report.unmade) == (0, 1)
    assert copy_of(city_id) is None


def test_a_city_whose_tables_are_gone_is_a_failure(town, migrate, ask):
    city_id = town(grove=1)
    ask(f'DROP SCHEMA "c_{city_id}" CASCADE')
    ask(f'DROP ROLE "c_{city_id}"')
    report = migrate(cities=(city_id,))
    assert "module_revision" in report.failed[0].error


def test_a_revision_moves_only_from_where_it_is(app, town, at):
    city_id = town(grove=2)
    step = Step("grove", "grove_0001", "grove_0002")
    with app.app_context(), owner.connect(owner.address()) as connection:
        connection.execute(f'SET search_path TO "c_{city_id}"')
        with pytest.raises(replay.StaleRevision):
            replay.send(connection, ["BEGIN", replay.compare_and_set(step), "COMMIT"])
        replay.give_up(connection)
    assert at(city_id)["grove"] == "grove_0002"
