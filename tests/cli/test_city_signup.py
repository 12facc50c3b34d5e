import json

import pytest
from click.testing import CliRunner

from app.accounts.models import Role
from app.accounts.services import find
from app.apex import approval, signup
from app.cli import main
from app.core.db import db, end_transaction

CREATE = (
    "city",
    "create",
    "--name",
    "Szentendre",
    "--administrator",
    "mayor@szentendre.example",
    "--language",
    "hu",
)


@pytest.fixture
def parvis(app):
    """Run `parvis …`; returns what it prints as JSON, or its text when it fails."""

    def run(*words, fails=False):
        result = CliRunner().invoke(main, [*words, "--json"], obj=lambda: app)
        assert (result.exit_code != 0) is fails, result.output
        return result.output if fails else json.loads(result.output)

    return run


def test_a_city_is_made_without_a_sign_up(parvis, site, in_city, mails):
    made = parvis(*CREATE)
    assert (made["address"], made["state"]) == ("szentendre", "ready")
    with in_city("szentendre"):
        assert find("mayor@szentendre.example").role is Role.ADMINISTRATOR
    assert site("szentendre").get("/").status_code == 403
    assert mails()[-1]["recipient"] == "mayor@szentendre.example"
    assert "is ready" in mails()[-1]["subject"] or "szentendre" in mails()[-1]["text"]


def test_a_city_with_an_address_that_is_taken_is_refused(parvis):
    parvis(*CREATE, "--address", "sze")
    assert "already taken" in parvis(*CREATE, "--address", "sze", fails=True)
    assert "already taken" in parvis(*CREATE, "--address", "paris", fails=True)
    assert "name@example.org" in parvis(
        "city", "create", "--name", "X-ville", "--administrator", "x", fails=True
    )


@pytest.fixture
def waiting(app):
    """A sign-up that waits for approval."""
    with app.test_request_context(base_url="http://parvis.localhost:8000"):
        entered = signup.enter(signup.Wish("Faro", "faro", "mayor@faro.example", "en"))
        db.session.flush()
        approval.put_before_operators(entered, "faro")
        end_transaction(keep=True)


def test_a_sign_up_that_waits_is_approved(parvis, waiting, run_tasks, site):
    assert parvis("city", "approve", "faro")["state"] == "confirmed"
    run_tasks()
    assert site("faro").get("/").status_code == 403
    assert "waits for approval" in parvis("city", "approve", "faro", fails=True)


def test_a_sign_up_that_waits_is_refused_with_a_reason(parvis, waiting, mails):
    assert parvis("city", "approve", "faro", "--refuse", "Only towns of the county.")["state"] == "refused"
    assert "Only towns of the county." in mails()[-1]["text"]
