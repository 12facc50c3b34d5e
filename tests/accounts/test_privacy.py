"""Download, deletion, retention and register: what a person gets, what goes, what stays."""

import csv
import io
import json
import re
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text

from app.accounts.departures import id_for
from app.accounts.models import Account, AccountRequest, AccountSession, Role
from app.accounts.privacy import collecting, leaving, retention
from app.accounts.privacy.models import Departure, Download
from app.accounts.services import create_confirmed
from app.core.audit import AuditEntry, audit
from app.core.context import Actor, acting, current_city
from app.core.db import CityModel, db, end_transaction
from app.core.people import HOLDINGS, Basis, Holding
from app.registry import modules
from app.testing.contract.tables import is_about_people
from tenants import resolve, toggles
from tenants.models import CityRecord
from tenants.schema import owner_transaction

PASSWORD = "tulip-canal-7 brass"
EN = {"Accept-Language": "en"}
ANNA, BELA = "anna-marked@example.org", "bela-marked@example.org"


@pytest.fixture
def people(in_city):
    ids = {}
    with in_city():
        for address, name in ((ANNA, "Anna Marked"), (BELA, "Béla Marked")):
            ids[address] = create_confirmed(
                address, name, role=Role.RESIDENT, language="en", password=PASSWORD
            ).id
    for ident, name in zip(ids.values(), ("Anna Marked", "Béla Marked"), strict=True):
        with in_city(), acting(Actor("resident", str(ident), name)):
            audit("accounts.password_changed", subject=f"account:{ident}")
    return ids


@pytest.fixture
def anna(people, site):
    """A browser in which Anna has just signed in."""
    browser = site()
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    answer = browser.post("/sign-in", data={"email": ANNA, "password": PASSWORD}, headers=EN)
    assert answer.status_code in (302, 303), answer.text
    return browser


def fetch(browser, mails):
    browser.post("/account/data/ask")
    assert any("are ready" in one["subject"] for one in mails() if one["recipient"] == ANNA)
    page = browser.get("/account/data").text
    link = re.search(r'href="(/account/data/[\w-]+\.zip)"', page)[1]
    return browser.get(link), link


def test_a_person_downloads_all_her_data_and_nobody_elses(anna, people, mails, site):
    site().post("/sign-in/link", data={"email": ANNA}, headers=EN)
    site().post("/sign-in/link", data={"email": BELA}, headers=EN)
    mails()
    answer, _link = fetch(anna, mails)
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    assert {"data.json", "index.html", "schema.json"} <= set(archive.namelist())
    data = json.loads(archive.read("data.json"))
    assert data["format"] == "parvis-my-data-1"
    by_name = {one["name"]: one["records"] for one in data["holdings"]}
    assert set(by_name) == {one.name for one in HOLDINGS.values() if one.owner in ("platform", *modules())}
    assert by_name["platform.account"][0]["email"] == ANNA
    assert len(by_name["platform.sessions"]) == 1
    assert {one["wish"] for one in by_name["platform.requests"] if "wish" in one} == {"sign_in"}
    assert by_name["platform.audit"][0]["subject"] == f"account:{people[ANNA]}"
    page = archive.read("index.html").decode()
    assert "Anna Marked" in page
    assert "<script" not in page
    everything = archive.read("data.json").decode() + page
    for strange in (BELA, "Béla", str(people[BELA]), "$argon2"):
        assert strange not in everything


def test_every_row_that_names_her_is_in_a_declared_table(anna, people, mails, in_city, app):
    """Each table of the city is searched for her address and her id, whatever its model says."""
    anna.post("/account/data/ask")
    mails()
    declared = {table for one in HOLDINGS.values() for table in one.tables}
    found = set()
    with app.app_context(), owner_transaction() as owner:
        names = owner.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'c_testparis' ORDER BY tablename")
        ).all()
        for name in names:
            rows = owner.execute(
                text(f'SELECT count(*) FROM c_testparis."{name}" t WHERE t::text LIKE :a OR t::text LIKE :b'),
                {"a": f"%{ANNA}%", "b": f"%{people[ANNA]}%"},
            ).scalar()
            if rows:
                found.add(name)
    assert {"account", "account_session", "audit_entry", "account_download", "mail"} <= found
    assert found <= declared


def test_each_table_of_the_platform_that_is_about_people_belongs_to_a_holding(app):
    declared = {table for one in HOLDINGS.values() for table in one.tables}
    with app.app_context():
        own = [
            mapper.local_table
            for mapper in CityModel.registry.mappers
            if mapper.local_table.schema is None and mapper.class_.__module__.startswith("app.")
        ]
        forgotten = sorted(
            table.name for table in own if is_about_people(table) and table.name not in declared
        )
    assert not forgotten


def test_the_file_is_for_its_owner_alone_and_for_who_has_just_shown_it_is_her(
    anna, people, mails, site, frozen
):
    frozen(datetime.now(UTC))
    _answer, link = fetch(anna, mails)
    assert site(role="resident").get(link).status_code in (302, 404)
    assert site().get(link).status_code == 302
    frozen(datetime.now(UTC) + timedelta(minutes=20))
    assert anna.get(link).mimetype != "application/zip"


def test_nobody_asks_twice_a_day_and_the_file_goes_after_a_week(anna, people, mails, in_city, frozen, app):
    start = datetime.now(UTC)
    frozen(start)
    fetch(anna, mails)
    assert "within the last day" in anna.post("/account/data/ask", follow_redirects=True).text
    folder = app.config["PARVIS"].files_dir / "testparis" / ".my-data"
    assert len(list(folder.iterdir())) == 1
    frozen(start + timedelta(days=7, minutes=1))
    with in_city():
        assert retention.retain().removed["platform.downloads"] == 1
        assert db.session.scalar(select(func.count()).select_from(Download)) == 0
    assert list(folder.iterdir()) == []


def test_a_task_that_runs_twice_makes_one_file_and_one_mail(anna, people, mails, in_city):
    fetch(anna, mails)
    number = len(mails())
    with in_city():
        found = db.session.get_one(Download, people[ANNA])
        collecting.collect(str(people[ANNA]), str(found.id))
    assert len(mails()) == number


def test_deleting_the_account_takes_all_that_need_not_stay(anna, people, mails, in_city, app):
    page = anna.get("/account/data/delete").text
    assert "Entries in the audit log" in page
    wrong = anna.post("/account/data/delete", data={"address": "x@example.org"})
    assert wrong.status_code == 422
    assert "This is not the address of your account." in wrong.text
    assert anna.post("/account/data/delete", data={"address": ANNA.upper()}).status_code == 303
    assert anna.get("/account").status_code == 302
    with in_city():
        assert db.session.get(Account, people[ANNA]) is None
        assert db.session.get(Account, people[BELA]) is not None
        assert db.session.scalar(select(func.count()).select_from(AccountSession)) == 0
        last = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "privacy.left")).one()
        assert (last.actor_id, last.actor_name) == (str(people[ANNA]), "")
        assert db.session.scalar(select(func.count()).select_from(Departure)) == 0
    told = [one for one in mails() if one["recipient"] == ANNA]
    assert "is deleted" in told[-1]["subject"]
    with app.app_context(), owner_transaction() as owner:
        for name in owner.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'c_testparis'")
        ).all():
            sql = f'SELECT count(*) FROM c_testparis."{name}" t WHERE t::text LIKE :address'
            # The mail that confirms it, and goes after 30 days like any other.
            assert owner.execute(text(sql), {"address": f"%{ANNA}%"}).scalar() == (
                1 if name == "mail" else 0
            ), name


def test_who_works_for_the_city_hands_on_her_work_first(site):
    browser = site(role="administrator")
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    answer = browser.get("/account/data/delete")
    if answer.status_code == 200 and "What goes" in answer.text:
        assert "An administrator has to take your roles away first" in answer.text


def test_staff_cannot_be_deleted_by_the_service_either(in_city):
    from app.core.errors import Conflict

    with in_city():
        clerk = create_confirmed("clerk@example.org", "Clerk", role=Role.EDITOR, language="en")
        with pytest.raises(Conflict):
            leaving.leave(clerk, "clerk@example.org")


@pytest.fixture
def voted(people, in_city):
    """Somebody for whom a module says that she must be known again for a month."""
    until = datetime.now(UTC) + timedelta(days=30)
    holding = Holding(
        "platform.test",
        "t",
        "p",
        Basis.PUBLIC_TASK,
        "k",
        lambda _id: (),
        lambda _id: None,
        known_until=lambda ident: until if ident == people[ANNA] else None,
    )
    HOLDINGS[holding.name] = holding
    yield until
    del HOLDINGS[holding.name]


def test_who_must_be_known_again_comes_back_as_the_same_person(voted, anna, people, in_city, frozen):
    anna.post("/account/data/delete", data={"address": ANNA})
    with in_city():
        kept = db.session.scalars(select(Departure)).one()
        assert ANNA.encode() not in kept.address
        assert (kept.account_id, kept.until) == (people[ANNA], voted)
        assert id_for(BELA) is None
        # Somebody types the address and never confirms it: the row is not used up.
        assert id_for(ANNA) == id_for(ANNA.upper()) == people[ANNA]
    with in_city():
        again = create_confirmed(ANNA, "Anna", role=Role.RESIDENT, language="en")
        assert again.id == people[ANNA]
    with in_city():
        assert id_for(ANNA) is None
    frozen(voted + timedelta(hours=1))
    with in_city():
        retention.retain()
        assert db.session.scalar(select(func.count()).select_from(Departure)) == 0


def test_the_night_says_what_it_removed_by_numbers_and_no_names(
    people, site, in_city, frozen, mails, run_tasks
):
    start = datetime.now(UTC)
    site().post("/sign-in/link", data={"email": ANNA}, headers=EN)
    mails()
    frozen(start + timedelta(days=31))
    with in_city():
        run = retention.retain()
    assert run.removed["platform.requests"] == 2
    with in_city():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "privacy.retained")).one()
        assert entry.details == run.removed
        assert retention.runs()[0].removed == run.removed
        assert db.session.scalar(select(func.count()).select_from(AccountRequest)) == 0
    with in_city():
        assert retention.retain().removed == {}


def ask_nonsense():
    db.session.execute(text("SELECT nothing FROM nowhere"))


def find_no_file():
    raise FileNotFoundError("away")


@pytest.mark.parametrize("failing", [ask_nonsense, find_no_file])
def test_one_holding_that_fails_does_not_stop_the_others(people, in_city, frozen, site, mails, failing):
    site().post("/sign-in/link", data={"email": ANNA}, headers=EN)
    mails()

    def fail(_moment):
        failing()

    HOLDINGS["platform.a_test"] = Holding(
        "platform.a_test", "t", "p", Basis.CONSENT, "k", lambda _id: (), lambda _id: None, retain=fail
    )
    try:
        frozen(datetime.now(UTC) + timedelta(days=31))
        with in_city():
            run = retention.retain()
        assert run.failed == ("platform.a_test",)
        assert run.removed["platform.requests"] == 2
    finally:
        del HOLDINGS["platform.a_test"]


def test_the_register_is_a_page_and_two_files(app, site):
    with app.app_context():
        db.session.query(CityRecord).filter_by(slug="paris").one().contact_email = "dpo@paris.example"
        resolve.change()
        end_transaction(keep=True)
    admin = site(role="administrator")
    admin.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    page = admin.get("/admin/privacy").text
    assert "Register of processing" in page
    assert "Who wrote which article" in page
    document = json.loads(admin.get("/admin/privacy/register.json").text)
    assert document["controller"]["contact"] == "dpo@paris.example"
    names = {line["name"] for line in document["processing"]}
    assert {"platform.account", "platform.audit", "news.authors", "participatory_budget.votes"} <= names
    assert all(line["purpose"] and line["kept"] and line["basis"] for line in document["processing"])
    rows = list(csv.reader(io.StringIO(admin.get("/admin/privacy/register.csv").text.removeprefix("\ufeff"))))
    assert len(rows) == len(names) + 1
    assert {len(row) for row in rows} == {11}


def test_the_privacy_page_tells_of_modules_that_are_on(visitor, in_city):
    english = {"Accept-Language": "en"}
    assert "That you have voted" in visitor.get("/privacy", headers=english).text
    with in_city():
        toggles.switch_off(current_city(), sorted(current_city().modules))
    page = visitor.get("/privacy", headers=english).text
    assert "That you have voted" not in page
    assert "Audit log: who changed what" in page
