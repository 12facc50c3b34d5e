import threading

import pytest

from app.core.db import db, end_transaction
from tenants import owner, schema
from tenants.migrate import copies, plan
from tenants.models import CityState, ModuleToggle

TOWNS = 20
CITY = plan.heads(["city"])["city"]
NEW = {"city": CITY, "grove": "grove_0004", "pond": "pond_0002"}


@pytest.fixture
def newest(app, code_at):
    """What a city with grove and pond is at when all is done."""
    with app.app_context():
        return plan.heads(["city", "grove", "pond"])


@pytest.mark.parametrize("workers", [1, 4])
def test_every_city_comes_to_the_newest_revisions_and_looks_like_a_new_one(
    town, migrate, at, catalog, copy_of, newest, workers
):
    old = [town(grove=1, pond=1), town(grove=2), town(city=1, grove=3, pond=2), town(city=1)]
    fresh = {number: town(grove=4 * (number > 0), pond=2 * (number > 1)) for number in range(3)}
    report = migrate(workers=workers)
    assert not report.failed
    assert {one.city.city_id for one in report.done} >= set(old)
    for city_id in old:
        known = at(city_id)
        assert known == {name: newest[name] for name in known}
        assert catalog(city_id) == catalog(fresh[len(known) - 1])
        assert copy_of(city_id) == (known, "")


def test_a_second_run_finds_nothing_to_do_and_changes_nothing(town, migrate, ask):
    for _number in range(3):
        town(grove=1)
    migrate()
    before = ask("SELECT * FROM platform.city_revision ORDER BY 1")
    report = migrate()
    assert (report.planned, report.done, report.failed) == (0, [], [])
    assert report.total >= 3
    assert ask("SELECT * FROM platform.city_revision ORDER BY 1") == before


@pytest.mark.parametrize("state", list(CityState))
def test_a_city_is_migrated_in_whatever_state_it_is(town, migrate, at, state):
    city_id = town(grove=1, state=state)
    migrate()
    assert at(city_id)["grove"] == "grove_0004"


def test_the_tables_of_a_module_that_is_switched_off_are_migrated_too(app, town, migrate, at):
    city_id = town(grove=1)
    with app.app_context():
        moment = db.session.scalar(db.text("SELECT now()"), bind_arguments={"bind": db.engines["platform"]})
        db.session.add(ModuleToggle(city_id=city_id, module="grove", on=False, changed_at=moment))
        end_transaction(keep=True)
    migrate()
    assert at(city_id)["grove"] == "grove_0004"


def test_one_city_that_fails_stays_whole_and_the_next_run_touches_it_alone(
    town, migrate, ask, at, copy_of, catalog
):
    towns = [town(grove=1) for _number in range(TOWNS)]
    bad = towns[13]
    ask(f'CREATE TABLE "c_{bad}".ix_grove_tree_street_key (id int PRIMARY KEY)')
    before = catalog(bad)
    first = migrate(workers=4)
    assert [one.city.city_id for one in first.failed] == [bad]
    assert "already exists" in first.failed[0].error
    assert "CREATE INDEX ix_grove_tree_street_key" in first.failed[0].error
    assert (at(bad)["grove"], catalog(bad)) == ("grove_0001", before)
    assert copy_of(bad) == ({"city": CITY, "grove": "grove_0001"}, first.failed[0].error)
    assert {at(one)["grove"] for one in towns if one != bad} == {"grove_0004"}

    ask(f'DROP TABLE "c_{bad}".ix_grove_tree_street_key')
    second = migrate()
    assert [one.city.city_id for one in second.done] == [bad]
    assert copy_of(bad)[1] == ""
    assert at(bad)["grove"] == "grove_0004"


def test_it_stops_when_as_many_have_failed_as_were_allowed(town, migrate, ask):
    for _number in range(6):
        ask(f'CREATE TABLE "c_{town(grove=1)}".ix_grove_tree_street_key (id int PRIMARY KEY)')
    report = migrate(workers=1, stop_after=2)
    assert (len(report.failed), report.stopped) == (2, True)
    assert report.untried == report.planned - report.ended > 0


def test_a_lock_that_goes_away_is_waited_for(app, town, migrate, at):
    held, free = town(grove=1), town(grove=1)
    with app.app_context(), owner.connect(owner.address()) as reader:
        reader.execute("BEGIN")
        reader.execute(f'SELECT * FROM "c_{held}".grove_tree')
        report = migrate(lambda _report: reader.execute("COMMIT"), workers=1)
    assert not report.failed
    assert at(held)["grove"] == at(free)["grove"] == "grove_0004"


def test_a_lock_that_stays_fails_one_city_and_says_so(app, town, migrate, at):
    held, free = town(grove=1), town(grove=1)
    with app.app_context(), owner.connect(owner.address()) as reader:
        reader.execute("BEGIN")
        reader.execute(f'SELECT * FROM "c_{held}".grove_tree')
        report = migrate(workers=2, tries=2, lock_timeout="50ms")
    assert [one.city.city_id for one in report.failed] == [held]
    assert "lock timeout" in report.failed[0].error
    assert (at(held)["grove"], at(free)["grove"]) == ("grove_0001", "grove_0004")


def test_a_city_that_older_code_makes_meanwhile_is_migrated_as_well(town, migrate, at):
    town(grove=1)
    late = []

    def make(_report):
        if not late:
            late.append(town(grove=2, pond=1))

    report = migrate(make, workers=1)
    assert late[0] in {one.city.city_id for one in report.done}
    assert at(late[0]) == {**at(late[0]), "grove": "grove_0004", "pond": "pond_0002"}


def test_cities_are_made_whole_while_others_are_migrated(app, town, migrate, catalog, newest):
    for _number in range(10):
        town(grove=1)
    failures = []

    def provision(number):
        try:
            with app.app_context():
                schema.create(f"c_new{number}", ["grove", "pond"])
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=provision, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    report = migrate(workers=2)
    for thread in threads:
        thread.join()
    assert (failures, report.failed) == ([], [])
    assert {str(catalog(f"new{number}")) for number in range(6)} == {str(catalog("new0"))}
    assert any("pond_pond" in fact for fact in catalog("new0"))


def test_two_at_once_do_each_step_once(town, migrate, at):
    towns = [town(grove=1, pond=1) for _number in range(12)]
    reports = []
    runs = [threading.Thread(target=lambda: reports.append(migrate(workers=2))) for _number in range(2)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert [report.failed for report in reports] == [[], []]
    assert {at(one)["pond"] for one in towns} == {"pond_0002"}
    steps = [
        step
        for report in reports
        for one in report.done
        if one.city.city_id == towns[0]
        for step in one.steps
    ]
    assert len(steps) == len(set(steps)) == 4


def test_a_city_that_is_not_there_any_more_is_passed_over(app, town, migrate):
    first, gone = town("aaa1", grove=1), town("zzz1", grove=1)

    def erase(report):
        if [one.city.city_id for one in report.done][-1:] == [first]:
            with app.app_context():
                schema.drop(f"c_{gone}")
                db.session.execute(
                    db.text("DELETE FROM platform.city WHERE id = :id"),
                    {"id": gone},
                    bind_arguments={"bind": db.engines["platform"]},
                )
                end_transaction(keep=True)

    report = migrate(erase, workers=1)
    assert not report.failed


def test_only_the_cities_and_histories_that_were_asked_for_are_touched(town, migrate, at):
    one, other = town(city=1, grove=1, pond=1), town(city=1, grove=1)
    migrate(cities=(one,), only=("grove",))
    assert at(one) == {"city": "city_0001", "grove": "grove_0004", "pond": "pond_0001"}
    assert at(other) == {"city": "city_0001", "grove": "grove_0001"}
    with pytest.raises(copies.NoSuchCity, match="atlantis"):
        migrate(cities=(one, "atlantis"))


def test_what_newer_code_has_migrated_is_left_alone(town, migrate, code_at, at):
    city_id = town(grove=2, pond=1)
    code_at(grove=1)
    report = migrate()
    assert at(city_id) == {**at(city_id), "grove": "grove_0002", "pond": "pond_0002"}
    assert [city.city_id for city in report.unknown] == [city_id]
    assert not report.failed
