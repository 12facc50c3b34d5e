import io
import json
import re
import zipfile

import pytest
from sqlalchemy import select

from app.accounts.models import Role
from app.accounts.services import find
from app.core import audit
from app.core.db import db, end_transaction
from tenants.models import CityRecord, Operation, PlatformEntry

PARIS = "/operators/cities/testparis"


@pytest.fixture
def city_row(app):
    def read(city_id="testparis"):
        with app.app_context():
            found = db.session.get(CityRecord, city_id)
            db.session.expunge_all()
            end_transaction(keep=False)
        return found

    return read


@pytest.fixture
def journal(app):
    """The acts in the platform's journal and who did them, oldest first."""

    def read():
        with app.app_context():
            rows = db.session.scalars(select(PlatformEntry).order_by(PlatformEntry.id)).all()
            found = [(row.action, row.actor.partition(" ")[0], row.city_id) for row in rows]
            end_transaction(keep=False)
        return found

    return read


def test_a_city_is_suspended_with_words_for_its_residents_and_resumed(
    operator, site, city_row, journal, in_city
):
    words = "La facture est impayée.\nÉcrivez à la mairie."
    preview = operator.post(f"{PARIS}/suspend", data={"reason": words, "preview": "1"})
    assert preview.status_code == 200
    assert "La facture est impayée.<br>Écrivez à la mairie." in preview.text
    assert city_row().state == "live"

    assert operator.post(f"{PARIS}/suspend", data={"reason": words}).location == PARIS
    page = site("paris").get("/")
    assert page.status_code == 503
    assert "La facture est impayée." in page.text
    shown = operator.get(PARIS).text
    assert "La facture est impayée." in shown
    assert f'href="{PARIS}/suspend"' not in shown

    assert operator.post(f"{PARIS}/resume").location == PARIS
    assert site("paris").get("/").status_code == 200
    assert ("city.suspended", "operator", "testparis") in journal()
    with in_city():
        told = {(entry.action, entry.actor_kind, entry.actor_name) for entry in audit.latest()}
    assert ("city.suspended", "operator", "Ada Byron") in told
    assert ("city.resumed", "operator", "Ada Byron") in told


def test_a_suspension_needs_words_and_keeps_what_was_typed(operator, city_row):
    answer = operator.post(f"{PARIS}/suspend", data={"reason": "x" * 501})
    assert answer.status_code == 422
    assert "x" * 501 in answer.text
    assert operator.post(f"{PARIS}/suspend", data={"reason": " "}).status_code == 422
    assert city_row().state == "live"


def test_a_city_gets_another_name_and_address(operator, site, city_row):
    answer = operator.post(f"{PARIS}/rename", data={"name": "Lutèce", "slug": "lutece"})
    assert answer.status_code == 303
    assert site("lutece").get("/").status_code == 200
    assert site("paris").get("/").status_code in (301, 302, 308)
    assert "paris" in operator.get(PARIS).text
    answer = operator.post(f"{PARIS}/rename", data={"name": "Lutèce", "slug": "budapest"})
    assert answer.status_code == 422
    assert "is already taken" in answer.text
    assert city_row().slug == "lutece"


def test_only_what_the_state_allows_is_offered_and_done(app, operator):
    often = {"migrate", "export", "copy", "rename", "administrator", "limits", "erase", "visit"}
    every = often | {"suspend", "resume", "keep"}
    for state, acts in (
        ("live", often | {"suspend"}),
        ("suspended", often | {"resume"}),
        ("erasing", {"keep", "export"}),
        ("provisioning", set()),
    ):
        with app.app_context():
            db.session.get(CityRecord, "testparis").state = state
            end_transaction(keep=True)
        page = operator.get(PARIS).text
        assert {act for act in every if f'href="{PARIS}/{act}"' in page} == acts
        for act in every - acts - {"visit"}:
            for answer in (operator.get(f"{PARIS}/{act}"), operator.post(f"{PARIS}/{act}")):
                assert answer.status_code == 409, (state, act)


def test_erasing_asks_for_the_address_closes_the_city_and_can_be_taken_back(operator, site, city_row):
    for typed in ("", "budapest", "Paris!"):
        answer = operator.post(f"{PARIS}/erase", data={"typed": typed, "reason": "Contract ended."})
        assert answer.status_code == 422, typed
    assert city_row().state == "live"
    assert (
        operator.post(f"{PARIS}/erase", data={"typed": "Paris", "reason": "Contract ended."}).location
        == PARIS
    )
    assert city_row().state == "erasing"
    assert site("paris").get("/").status_code == 503
    assert "erased for good after" in operator.get(PARIS).text
    assert operator.post(f"{PARIS}/keep").location == PARIS
    assert city_row().state == "live"
    assert site("paris").get("/").status_code == 200


def test_an_erased_city_leaves_a_certificate(app, operator, run_tasks, frozen, site, shell):
    shell("city", "create", "--name", "Vanishing", "--address", "vanishing", "--administrator", "m@v.example")
    with app.app_context():
        ident = db.session.scalar(select(CityRecord.id).where(CityRecord.slug == "vanishing"))
        end_transaction(keep=False)
    at = f"/operators/cities/{ident}"
    assert operator.post(f"{at}/erase", data={"typed": "vanishing", "reason": "A test."}).status_code == 303
    shell("city", "erase", "vanishing", "--now", "--without-export", "--confirm", "vanishing")
    listed = operator.get("/operators/erasures").text
    assert f"/operators/erasures/{ident}" in listed
    page = operator.get(f"/operators/erasures/{ident}").text
    assert "Certificate of erasure" in page
    assert "Vanishing" in page
    file = operator.get(f"/operators/erasures/{ident}.json")
    assert json.loads(file.text)["content"]["city"]["id"] == ident
    assert operator.get(at).status_code == 404
    assert operator.get("/operators/journal").status_code == 200


def test_an_export_is_made_by_a_worker_and_its_download_is_written_down(
    operator, run_tasks, in_city, journal
):
    assert operator.post(f"{PARIS}/export", data={"people": "with"}).location == PARIS
    waiting = operator.get(PARIS).text
    assert 'hx-trigger="every 2s"' in waiting
    part = operator.get(f"{PARIS}/operations", headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert "Waiting" in part
    assert '<noscript><meta http-equiv="refresh"' in operator.get(f"{PARIS}/operations").text
    run_tasks()
    page = operator.get(PARIS).text
    assert 'hx-trigger="every 2s"' not in page
    file = operator.get(re.search(r'href="(/operators/exports/[0-9a-f-]+)"', page)[1])
    assert file.headers["Cache-Control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        assert "manifest.json" in " ".join(archive.namelist())
    with in_city():
        told = [(e.action, e.actor_name) for e in audit.latest()]
    assert told[:2] == [("city.export_fetched", "Ada Byron"), ("city.export_asked", "Ada Byron")]
    assert ("city.export_fetched", "operator", "testparis") in journal()


def test_an_export_of_one_city_is_not_handed_out_for_another(app, operator, run_tasks):
    operator.post(f"{PARIS}/export", data={"people": "without"})
    run_tasks()
    with app.app_context():
        operation = db.session.scalar(select(Operation).where(Operation.kind == "export"))
        operation.city_id, ident = "testbudapest", operation.id
        end_transaction(keep=True)
    assert operator.get(f"/operators/exports/{ident}").status_code == 404


def test_a_migration_is_asked_for_and_done(operator, run_tasks):
    assert operator.post(f"{PARIS}/migrate").location == PARIS
    run_tasks()
    page = operator.get("/operators/operations?state=done").text
    assert "Migration" in page
    assert "Paris" in page


def test_a_copy_needs_a_free_address_and_somebody_who_comes_in(operator, app):
    wish = {"name": "Paris to learn", "slug": "budapest"}
    answer = operator.post(f"{PARIS}/copy", data=wish)
    assert answer.status_code == 422
    assert "is already taken" in answer.text
    assert "Name somebody" in answer.text
    assert 'value="Paris to learn"' in answer.text
    good = {"name": "Paris to learn", "slug": "paris-learn", "administrator": "trainer@paris.example"}
    assert operator.post(f"{PARIS}/copy", data=good).location == PARIS
    with app.app_context():
        asked = db.session.scalar(select(Operation).where(Operation.kind == "copy"))
        assert asked.wish == {
            "address": "paris-learn",
            "name": "Paris to learn",
            "people": False,
            "administrator": "trainer@paris.example",
        }
        end_transaction(keep=False)


def test_dangerous_acts_ask_for_a_fresh_code(request, frozen):
    frozen("2026-11-22T10:00")
    operator = request.getfixturevalue("operator")
    for minutes, (act, data) in enumerate(
        (
            ("export", {"people": "with"}),
            ("administrator", {"email": "heir@paris.example"}),
            ("copy", {"name": "X", "slug": "paris-two", "administrator": "a@b.example"}),
            ("suspend", {"reason": "Fermé."}),
            ("erase", {"typed": "paris", "reason": "Contract ended."}),
        ),
        start=1,
    ):
        frozen(f"2026-11-22T10:{11 * minutes}")
        answer = operator.post(f"{PARIS}/{act}", data=data)
        assert answer.status_code == 422, act
        assert "Enter the code that the app shows now" in answer.text
        assert operator.post(f"{PARIS}/{act}", data={**data, "code": operator.phone.code()}).location == PARIS


def test_a_city_without_administrator_gets_one_whom_its_audit_log_names(operator, in_city, shell):
    assert operator.post(f"{PARIS}/administrator", data={"email": "nobody"}).status_code == 422
    assert operator.post(f"{PARIS}/administrator", data={"email": "heir@paris.example"}).location == PARIS
    again = operator.post(f"{PARIS}/administrator", data={"email": "heir@paris.example"})
    assert "is an administrator already" in again.text
    shell("city", "administrator", "paris", "second@paris.example")
    with in_city():
        for email in ("heir@paris.example", "second@paris.example"):
            account = find(email)
            assert account.role is Role.ADMINISTRATOR
            assert account.password_hash is None
        told = [(e.action, e.actor_kind) for e in audit.latest()][::-1]
    assert told == [("accounts.role_changed", "operator"), ("accounts.role_changed", "shell")]


def test_limits_of_one_city_are_changed_and_given_back(operator, journal, app):
    page = operator.get(f"{PARIS}/limits").text
    assert "Every city: 50,000" in page
    assert operator.post(f"{PARIS}/limits", data={"mails": "-1"}).status_code == 422
    assert operator.post(f"{PARIS}/limits", data={"mails": "many"}).status_code == 422
    assert operator.post(f"{PARIS}/limits", data={"mails": "77", "storage": ""}).location == PARIS
    assert re.search(r"Mails a day</th>.*?>77</td>", operator.get(PARIS).text, re.DOTALL)
    assert 'value="77"' in operator.get(f"{PARIS}/limits").text
    operator.post(f"{PARIS}/limits", data={"mails": "77"})
    operator.post(f"{PARIS}/limits", data={"mails": ""})
    assert "50,000" in operator.get(PARIS).text
    assert [act for act, *_rest in journal()].count("city.quota_changed") == 2
