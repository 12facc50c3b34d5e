import json

import pytest
from click.testing import CliRunner

from app.cli import main
from app.core.audit import latest
from tests.tenants.life.acts import operating
from tests.tenants.life.conftest import dns  # noqa: F401

HOST = "services.ville.fr"


@pytest.fixture
def parvis(app):
    def run(*words, ends_with=0):
        ended = CliRunner().invoke(main, ["city", *words], obj=lambda: app)
        assert ended.exit_code == ends_with, ended.output
        return ended.output

    return run


def test_a_city_is_closed_and_opened_from_the_shell(parvis, visitor):
    told = json.loads(parvis("suspend", "paris", "--reason", "Unpaid since May.", "--json"))
    assert (told["state"], told["reason"]) == ("suspended", "Unpaid since May.")
    assert "Unpaid since May." in visitor.get("/").text
    told = json.loads(parvis("resume", "paris", "--json"))
    assert (told["state"], told["reason"]) == ("live", None)
    assert visitor.get("/").status_code == 200


def test_what_cannot_be_done_is_said_in_one_sentence(parvis):
    assert "Error: Paris is in another state now." in parvis("resume", "paris", ends_with=1)
    assert "Error: there is no city called atlantis" in parvis("resume", "atlantis", ends_with=1)
    assert "Say why" in parvis("suspend", "paris", "--reason", " ", ends_with=1)
    assert "--address or --name" in parvis("rename", "paris", ends_with=2)
    assert "is already taken" in parvis("rename", "paris", "--address", "budapest", ends_with=1)
    assert "This city has no such domain." in parvis("domains", "remove", "paris", HOST, ends_with=1)


def test_a_city_is_renamed_from_the_shell(parvis, site):
    told = json.loads(parvis("rename", "paris", "--address", "Lutece", "--name", "Lutèce", "--json"))
    assert (told["address"], told["name"]) == ("lutece", "Lutèce")
    assert site("paris").get("/contact").status_code == 301
    assert "Lutèce" in site("lutece").get("/contact").text


def test_no_city_is_taken_for_another_whose_id_it_has_as_its_address(app, parvis):
    assert "is already taken" in parvis("rename", "paris", "--address", "testbudapest", ends_with=1)
    with operating(app, "paris") as record:
        record.slug = "testbudapest"
    told = json.loads(parvis("suspend", "testbudapest", "--reason", "Unpaid since May.", "--json"))
    assert told["name"] == "Budapest"


def test_a_domain_is_proven_and_made_the_main_one_from_the_shell(parvis, dns, visitor):  # noqa: F811
    claimed = json.loads(parvis("domains", "add", "paris", f"https://{HOST}/", "--json"))
    assert (claimed["domain"], claimed["verified"]) == (HOST, False)
    assert "has no such domain" in parvis("domains", "check", "budapest", HOST, ends_with=1)
    assert "Prove first" in parvis("domains", "main", "paris", HOST, ends_with=1)
    dns.put(claimed["record"], "TXT", f'"{claimed["value"]}"')
    dns.put(HOST, "A", "192.0.2.10")
    checked = json.loads(parvis("domains", "check", "paris", HOST, "--json"))
    assert (checked["verified"], checked["leads"]) == (True, "here")
    assert json.loads(parvis("domains", "main", "paris", HOST, "--json"))[0]["main"] is True
    assert visitor.get("/contact").location == f"http://{HOST}:8000/contact"
    assert json.loads(parvis("domains", "main", "paris", "--json"))[0]["main"] is False
    assert visitor.get("/contact").status_code == 200
    assert parvis("domains", "list", "paris").splitlines()[0].startswith("domain ")
    assert json.loads(parvis("domains", "remove", "paris", HOST, "--json")) == []


def test_the_citys_log_names_the_shells_user(parvis, in_city):
    parvis("suspend", "paris", "--reason", "Unpaid.")
    with in_city("paris"):
        (entry,) = latest(1)
        assert (entry.action, entry.actor_kind) == ("city.suspended", "shell")
        assert entry.actor_name
