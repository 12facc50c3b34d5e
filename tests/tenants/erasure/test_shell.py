import json

import pytest
from click.testing import CliRunner

from app.cli import main
from app.core.db import db
from tenants.erasure.erase import find
from tenants.journal import note
from tenants.models import CityRecord


@pytest.fixture
def parvis(app):
    """Run `parvis city …`; returns what it printed."""

    def run(*words, status=0, typed=None):
        done = CliRunner().invoke(main, ["city", *words], obj=lambda: app, input=typed)
        assert done.exit_code == status, done.output
        return done

    return run


@pytest.fixture
def erased(app, atlantis, parvis):
    told = parvis(
        "erase",
        "atlantis",
        "--now",
        "--reason",
        "Left.",
        "--confirm",
        "atlantis",
        "--without-export",
        "--verify",
        "--json",
    )
    return json.loads(told.stdout)


def city(app):
    with app.app_context():
        return db.session.query(CityRecord).filter_by(slug="atlantis").one_or_none()


def test_a_city_is_closed_for_as_long_as_is_said_and_can_be_kept(app, atlantis, parvis):
    told = json.loads(parvis("erase", "atlantis", "--in", "10d", "--reason", "Left.", "--json").stdout)
    assert (told["id"], told["state"]) == (atlantis, "erasing")
    assert (city(app).erase_at - city(app).state_changed_at).days in (9, 10)
    assert json.loads(parvis("cancel-erasure", atlantis, "--json").stdout)["state"] == "live"


def test_at_once_it_asks_for_the_address(app, atlantis, parvis):
    refused = parvis(
        "erase", "atlantis", "--now", "--reason", "x", "--without-export", typed="paris\n", status=1
    )
    assert "Type the address of the city, atlantis" in refused.output
    assert city(app) is not None
    parvis("erase", "atlantis", "--now", "--reason", "x", "--without-export", typed="atlantis\n")
    assert city(app) is None


def test_at_once_it_asks_for_an_export_of_all(app, atlantis, parvis):
    words = ("erase", "atlantis", "--now", "--reason", "Left.", "--confirm", "atlantis")
    assert "Export it first" in parvis(*words, status=1).output
    with app.app_context():
        note("city.exported", atlantis, people=False)
        db.session.commit()
    assert "Export it first" in parvis(*words, status=1).output
    with app.app_context():
        note("city.exported", atlantis, people=True)
        db.session.commit()
    assert "Certificate of erasure" in parvis(*words).stdout


def test_the_certificate_can_be_printed_and_checked(erased, parvis, tmp_path):
    city_id = erased["content"]["city"]["id"]
    words = parvis("certificate", city_id).stdout
    assert "Poseidonia" in words
    assert erased["hmac_sha256"] in words
    paper = tmp_path / "certificate.json"
    paper.write_text(json.dumps(erased))
    assert "genuine" in parvis("certificate", city_id, "--check", str(paper)).output
    erased["content"]["erased_at"] = "2020-01-01T00:00:00+00:00"
    paper.write_text(json.dumps(erased))
    assert (
        "not what this deployment signed"
        in parvis("certificate", city_id, "--check", str(paper), status=1).output
    )
    paper.write_text("Poseidonia")
    assert "not JSON" in parvis("certificate", city_id, "--check", str(paper), status=1).output


def test_the_search_can_be_repeated_and_bites(app, erased, parvis):
    city_id = erased["content"]["city"]["id"]
    assert set(json.loads(parvis("certificate", city_id, "--search", "--json").stdout).values()) == {0}
    folder = app.config["PARVIS"].files_dir / city_id
    folder.mkdir(parents=True)
    assert "something of the city is left" in parvis("certificate", city_id, "--search", status=1).output


def test_an_erased_city_is_not_erased_again(app, erased, parvis):
    city_id = erased["content"]["city"]["id"]
    assert "was erased" in parvis("erase", city_id, "--now", status=1).output
    with app.app_context():
        find(city_id).erased_at = None
        find(city_id).certificate = {"hosts": [], "removed": {}}
        db.session.commit()
    assert json.loads(parvis("erase", city_id, "--now", "--json").stdout)["content"]["erased_at"]


@pytest.mark.parametrize(
    "words", [("erase", "nowhere"), ("cancel-erasure", "nowhere"), ("certificate", "nowhere")]
)
def test_a_city_that_is_not_there_is_named(parvis, words):
    assert "nowhere" in parvis(*words, status=1).output


def test_a_length_of_time_has_a_unit(parvis):
    assert "write 30d or 12h" in parvis("erase", "paris", "--in", "30", status=2).output
