import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from app.cli import main
from app.sdk import db
from modules.participatory_budget.models import Edition, SealedBallot
from modules.participatory_budget.services import counting, editions, publishing
from modules.participatory_budget.tests import arranging

GOOD = """META
key;value
description;A small vote
num_projects;3
num_votes;4
budget;300
vote_type;approval
currency;EUR
PROJECTS
project_id;cost;votes;name
7;200;3;A fountain
8;150;2;A bench
9;100;1;A tree
VOTES
voter_id;vote
1;7,8
2;7
3;7,9
4;8
"""


@pytest.fixture
def parvis(app):
    def run(*words):
        return CliRunner().invoke(main, [str(word) for word in words], obj=lambda: app)

    return run


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "small.pb"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def published(parvis, written, in_city, run_tasks, tmp_path):
    assert parvis("pb", "import", written(GOOD), "--city", "paris", "--slug", "small").exit_code == 0
    run_tasks()
    with in_city("paris"):
        edition = db.session.query(Edition).one()
        arranging.published(edition)
        count = counting.finished(edition)
        with (tmp_path / "ballots.pb").open("wb") as file:
            publishing.write_ballots(file, edition.id, publishing.protocol_of(count))
        (tmp_path / "protocol.json").write_text(count.protocol, encoding="utf-8")
    return tmp_path / "ballots.pb", tmp_path / "protocol.json"


def test_what_was_imported_is_counted_and_can_be_verified_in_the_city(parvis, published):
    result = parvis("pb", "tally", "--verify", "--city", "paris", "--edition", "small")
    assert result.exit_code == 0, result.output
    assert "4 ballots, 3 projects" in result.output
    assert "agrees" in result.output


def test_the_two_files_are_verified_without_any_server(published):
    bare = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL")}
    command = [sys.executable, "-m", "app.cli", "pb", "tally", "--verify", *map(str, published)]
    result = subprocess.run(command, env=bare, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 0, result.stderr
    assert "agrees" in result.stdout


def test_a_forged_protocol_is_found_out(parvis, published):
    ballots, protocol = published
    forged = json.loads(protocol.read_text())
    forged["projects"][2]["votes"] += 1
    protocol.write_text(json.dumps(forged))
    result = parvis("pb", "tally", "--verify", ballots, protocol)
    assert result.exit_code == 1
    assert "votes of project 9" in result.output


def test_a_wrong_file_is_told_with_its_place_and_leaves_nothing(parvis, written, in_city):
    result = parvis(
        "pb", "import", written(GOOD.replace("3;7,9", "3;7,6")), "--city", "budapest", "--slug", "small"
    )
    assert result.exit_code == 1
    result = parvis(
        "pb", "import", written(GOOD.replace("3;7,9", "3;7,6")), "--city", "paris", "--slug", "small"
    )
    assert result.exit_code == 1
    assert "18" in result.output
    with in_city("paris"):
        assert db.session.query(Edition).count() == 0
        assert db.session.query(SealedBallot).count() == 0


def test_a_city_that_is_not_there_is_said_so(parvis, written):
    result = parvis("pb", "import", written(GOOD), "--city", "atlantis")
    assert result.exit_code == 1
    assert "atlantis" in result.output


def test_naming_neither_files_nor_a_city_explains_what_to_name(parvis):
    assert parvis("pb", "tally", "--verify").exit_code == 2


def test_an_edition_that_is_not_counted_is_said_so(parvis, in_city):
    with in_city("paris"):
        editions.create("empty", {"fr": "Vide"})
    assert parvis("pb", "tally", "--verify", "--city", "paris", "--edition", "empty").exit_code == 1
