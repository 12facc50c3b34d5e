import json

import pytest
from click.testing import CliRunner

from app.cli import main
from app.cli.progress import Progress, duration, line


@pytest.fixture
def parvis(app, code_at):
    def run(*words):
        return CliRunner().invoke(main, [str(word) for word in words], obj=lambda: app)

    return run


@pytest.fixture
def spoilt(town, ask):
    """A city in which something stands in the way."""
    city_id = town("spoilt", grove=1)
    ask('CREATE TABLE "c_spoilt".ix_grove_tree_street_key (id int PRIMARY KEY)')
    return city_id


def test_it_says_how_many_were_migrated_and_then_that_nothing_is_left(parvis, town, ask):
    for _number in range(3):
        town(grove=1)
    first = parvis("migrate")
    assert first.exit_code == 0, first.output
    assert "3 migrated, 0 failed" in first.stdout or "5 migrated, 0 failed" in first.stdout
    again = parvis("migrate")
    assert again.exit_code == 0
    assert "all up to date" in again.stdout
    (entry,) = ask("SELECT actor, details FROM platform.audit_entry WHERE action = 'cities.migrated'")
    assert entry[0].startswith("shell ")
    assert entry[1]["failed"] == 0


def test_it_names_who_failed_and_why_and_ends_with_1(parvis, town, spoilt, at):
    fine = town(grove=1)
    said = parvis("migrate")
    assert said.exit_code == 1
    assert "failed: spoilt (spoilt): relation" in said.stderr
    assert "1 failed" in said.stdout
    assert at(fine)["grove"] == "grove_0004"


def test_programs_get_json(parvis, town, spoilt):
    town(grove=1)
    said = parvis("migrate", "--json")
    report = json.loads(said.stdout)
    assert said.exit_code == 1
    assert [one["address"] for one in report["failed"]] == ["spoilt"]
    assert report["migrated"] >= 1
    assert report["not_tried"] == 0


def test_a_dry_run_says_what_would_be_done_and_does_nothing(parvis, town, at):
    city_id = town(grove=2)
    said = parvis("migrate", "--dry-run", "--sql", "--city", city_id, "--module", "grove")
    assert "1 city: 1 to migrate" in said.stdout
    assert "grove: grove_0002 → grove_0003 in 1 city (row by row)" in said.stdout
    assert "ALTER TABLE grove_tree DROP COLUMN street;" in said.stdout
    assert at(city_id)["grove"] == "grove_0002"
    steps = json.loads(parvis("migrate", "--dry-run", "--json", "--city", city_id).stdout)["steps"]
    assert {
        "history": "grove",
        "from": "grove_0003",
        "to": "grove_0004",
        "online": False,
        "cities": 1,
    } in steps


def test_the_status_shows_the_skew_and_the_failures(parvis, town, spoilt, code_at):
    town(grove=4)
    town(grove=1, pond=1)
    parvis("migrate", "--city", "spoilt")
    said = parvis("migrate", "--status")
    lines = [text.split() for text in said.stdout.splitlines()]
    assert ["grove", "grove_0001", "2", "behind"] in lines
    assert ["grove", "grove_0004", "1", "newest"] in lines
    assert "failed:" in said.stdout
    assert "spoilt" in said.stdout.partition("failed:")[2]
    code_at(grove=1)
    assert ["grove", "grove_0004", "1", "unknown", "here"] in [
        text.split() for text in parvis("migrate", "--status").stdout.splitlines()
    ]
    known = json.loads(parvis("migrate", "--status", "--json").stdout)
    assert known["failures"][0]["address"] == "spoilt"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--city", "atlantis"], "there is no city called atlantis"),
        (["--module", "dragons"], "no history is called dragons"),
        (["--sql"], "--sql goes with --dry-run"),
        (["--rate", "0"], "--rate"),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused_with_a_sentence(parvis, words, says):
    said = parvis("migrate", *words)
    assert said.exit_code != 0
    assert says in said.stderr


def test_a_rate_and_a_number_of_workers_can_be_given(parvis, town, at):
    towns = [town(grove=1) for _number in range(3)]
    assert parvis("migrate", "--rate", 50, "--workers", 3).exit_code == 0
    assert {at(one)["grove"] for one in towns} == {"grove_0004"}


def test_setup_migrates_with_the_same_words(parvis, town, spoilt, at):
    fine = town(grove=1)
    said = parvis("setup")
    assert said.exit_code == 1
    assert "failed: spoilt" in said.stderr
    assert at(fine)["grove"] == "grove_0004"


def test_setup_can_leave_the_cities_alone(parvis, town, at):
    city_id = town(grove=1)
    said = parvis("setup", "--platform-only")
    assert (said.exit_code, said.stdout) == (0, "")
    assert at(city_id)["grove"] == "grove_0001"


def test_before_the_platform_has_its_tables_it_says_what_to_do(parvis, ask):
    ask("ALTER TABLE platform.city_revision RENAME TO hidden")
    try:
        said = parvis("migrate")
    finally:
        ask("ALTER TABLE platform.hidden RENAME TO city_revision")
    assert said.exit_code == 1
    assert "run `parvis setup` first" in said.stderr


def test_the_progress_says_how_fast_and_how_long_still():
    assert line("cities", 250, 1000, 0, seconds=0.5) == "250 of 1000 cities (25 %), 500.0 a second, 2 s left"
    assert line("cities", 1000, 1000, 3, seconds=2) == "1000 of 1000 cities (100 %), 500.0 a second, 3 failed"
    assert [duration(seconds) for seconds in (5, 200, 7500)] == ["5 s", "3 min 20 s", "2 h 5 min"]


@pytest.mark.parametrize("terminal", [True, False])
def test_on_a_terminal_the_line_changes_and_elsewhere_there_are_few(monkeypatch, terminal):
    import io

    out = io.StringIO()
    out.isatty = lambda: terminal
    clock = iter([0.0, 1.0, 1.001, 12.0])
    monkeypatch.setattr("app.cli.progress.time.monotonic", lambda: next(clock))
    with Progress("cities", out) as progress:
        for done in (1, 2, 3):
            progress.show(done, 10)
    written = out.getvalue()
    assert written.count("\n") == 1
    assert written.count("\r") == (3 if terminal else 0)
