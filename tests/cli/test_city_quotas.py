import json

import pytest
from click.testing import CliRunner

from app.cli import main
from app.core.db import db, end_transaction
from tenants import usage
from tenants.models import PlatformEntry
from worker.run import run


@pytest.fixture
def parvis(app):
    """Run `parvis …` and return what it printed as JSON."""

    def call(*words, fails=False):
        result = CliRunner().invoke(main, ["city", *words], obj=lambda: app)
        assert (result.exit_code != 0) is fails, result.output
        return result.output if fails else json.loads(result.output)

    return call


def by_resource(lines):
    return {line["resource"]: (line["most"], line["default"]) for line in lines}


def test_a_quota_is_shown_changed_and_given_back(app, parvis):
    assert by_resource(parvis("quota", "paris", "--json"))["mails"] == (50_000, True)
    assert by_resource(parvis("quota", "paris", "mails", "7", "--json"))["mails"] == (7, False)
    assert by_resource(parvis("quota", "budapest", "--json"))["mails"] == (50_000, True)
    assert by_resource(parvis("quota", "paris", "mails", "default", "--json"))["mails"] == (50_000, True)
    with app.app_context():
        entries = db.session.query(PlatformEntry).order_by(PlatformEntry.id).all()
        noted = [(entry.action, entry.city_id, entry.details["most"]) for entry in entries]
        end_transaction(keep=False)
    assert noted == [("city.quota_changed", "testparis", 7), ("city.quota_changed", "testparis", None)]


@pytest.mark.parametrize("number", ["", "-1", "many", "1.5"])
def test_what_is_no_number_is_refused_with_a_sentence(parvis, number):
    said = parvis("quota", "paris", "--", "mails", number, fails=True)
    assert "a whole number, or the word default" in said


def test_a_city_that_is_not_there_is_named(parvis):
    assert "there is no city called atlantis" in parvis("quota", "atlantis", fails=True)


def test_usage_tells_one_city_by_day_and_all_of_them_today(app, site, parvis):
    with app.app_context():
        usage.flush()
    run(app, "platform.keep_use", None, {})
    earlier = {row["city"]: row["requests"] for row in parvis("usage", "--json")}
    site("paris").get("/")
    site("paris").get("/")
    site("budapest").get("/")
    with app.app_context():
        usage.flush()
    run(app, "platform.keep_use", None, {})
    now = {row["city"]: row["requests"] - earlier.get(row["city"], 0) for row in parvis("usage", "--json")}
    assert now == {"testparis": 2, "testbudapest": 1}
    assert [row["city"] for row in parvis("usage", "paris", "--days", "2", "--json")] == ["testparis"]
