"""Canaries in every place where a city keeps something; after the erasure a search of everything finds none."""

import logging

import pytest

from tenants import usage
from tenants.erasure import certificate
from tenants.erasure.erase import erase, find
from tests.tenants.erasure.conftest import WORDS

# What outlives a city: its certificate, and who did what and when, by its id alone.
KEPT = {"platform.erasure", "platform.audit_entry"}


@pytest.fixture
def erased(app, closed):
    with app.app_context():
        erase(closed, everywhere=True)
    return closed


def test_before_it_the_city_is_everywhere(full, search):
    places = search(full)
    everywhere = {"schedule", "mail", "domain", "quota", "usage", "measure", "operator_visit", "operation"}
    assert {f"platform.{table}" for table in everywhere} | {"shared.outbox", "pg_catalog.pg_roles"} <= set(
        places
    )
    assert any(place.startswith("redis") and place.endswith("unacked") for place in places)
    assert any(place.startswith("redis") and "limits" in place for place in places)
    assert any(place.startswith("file") for place in places)
    assert all(search(word) for word in WORDS)


def test_after_it_a_search_finds_the_certificate_and_ids(erased, search):
    assert set(search(erased)) == KEPT
    assert search("atlantis") == ["platform.erasure"]
    assert search("poseidonis.parvis") == ["platform.erasure"]
    assert {word: search(word) for word in WORDS} == {
        word: ["platform.erasure"] if word == "Poseidonia" else [] for word in WORDS
    }


def test_the_certificate_says_what_was_removed_and_searched(app, erased):
    with app.app_context():
        signed = find(erased).certificate
        assert certificate.is_genuine(signed)
        words = certificate.as_text(signed)
    content = signed["content"]
    rows = content["removed"]["rows of the city's tables"]
    assert (rows["news_article"], rows["participatory_budget_ballot"]) == (1, 1)
    assert content["removed"]["files"]["number"] == 2
    assert content["removed"]["Redis"]["keys"] > 0
    assert content["removed"]["Redis"]["entries"] > 0
    assert content["removed"]["rows of the platform's tables"]["signup"] == 1
    assert content["found"]["tables of other cities"] == 0
    assert set(content["found"].values()) == {0}
    assert content["asked_by"] == "operator 7"
    assert "Poseidonia" in words
    assert not any(word in words for word in WORDS[1:])


def test_the_log_names_nobody(app, closed, caplog):
    caplog.set_level(logging.DEBUG)
    with app.app_context():
        erase(closed)
    assert not any(word in caplog.text for word in WORDS)


def test_other_cities_keep_all_they_have(app, full, closed, site, search):
    staff = site("paris", role="administrator", email="anne@paris.example")
    staff.post("/sign-in", data={"email": "anne@paris.example", "password": "wrong"})
    with app.app_context():
        usage.flush()
    before = {word: search(word) for word in ("testparis", "testbudapest", "anne@paris.example")}
    with app.app_context():
        erase(closed)
    assert {word: search(word) for word in before} == before
    assert staff.get("/admin/").status_code == 200
