import re
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from app.core.db import db, end_transaction
from tenants import lifecycle
from tenants.models import Signup

ADDRESS = "mayor@szentendre.example"
WISH = {"city_name": "Szentendre", "slug": "", "email": ADDRESS, "language": "en"}


@pytest.fixture(autouse=True)
def approval_wanted(app, monkeypatch):
    monkeypatch.setitem(app.config, "PARVIS", replace(app.config["PARVIS"], signup_approval=True))


@pytest.fixture
def waiting(apex, mails):
    """A browser whose sign-up waits, and the path of its page."""

    def ask():
        browser = apex()
        browser.post("/start", data=WISH)
        text = next(m["text"] for m in mails() if m["recipient"] == ADDRESS)
        path = browser.post(re.search(r"8000(/start/link/[\w-]+)", text)[1]).location
        return browser, path

    return ask


def test_a_confirmed_sign_up_waits_and_says_so(operator, waiting, mails, site):
    browser, path = waiting()
    page = browser.get(path).text
    assert "We look at your sign-up" in page
    assert "szentendre.parvis.localhost" in page
    assert site("szentendre").get("/").status_code == 404
    told = {mail["recipient"]: mail["subject"] for mail in mails()}
    assert told[ADDRESS] == "Your sign-up of Szentendre is with us"
    assert told["ada@platform.example"] == "A sign-up waits for approval: Szentendre"


def test_the_address_is_kept_while_it_waits(waiting, apex):
    waiting()
    answer = apex().post("/start", data={**WISH, "email": "other@example.org", "slug": "szentendre"})
    assert answer.status_code == 422
    assert "is already taken" in answer.text


def test_an_approved_city_is_made(operator, waiting, run_tasks, site, mails):
    browser, path = waiting()
    listed = operator.get("/operators/sign-ups").text
    assert "Waits for approval" in listed
    assert "<b>1</b><span>open sign-ups</span>" in operator.get("/operators/").text
    approve = re.search(r'action="(/operators/sign-ups/[0-9a-f-]+/approve)"', listed)[1]
    assert operator.post(approve).location == "/operators/sign-ups"
    assert operator.post(approve).status_code == 409
    run_tasks()
    assert browser.get(path).text.count("Go to my back office") == 1
    assert site("szentendre").get("/").status_code == 403
    assert mails()[-1]["subject"] == "Szentendre is ready"
    assert "Approved a sign-up" in operator.get("/operators/journal").text


def test_a_refused_applicant_reads_why_and_the_address_is_free_again(operator, waiting, mails, apex):
    browser, path = waiting()
    refuse = re.search(
        r'href="(/operators/sign-ups/[0-9a-f-]+/refuse)"', operator.get("/operators/sign-ups").text
    )[1]
    assert operator.post(refuse, data={"reason": " "}).status_code == 422
    assert operator.post(refuse, data={"reason": "Only towns of the county, please."}).status_code == 303
    assert "Only towns of the county, please." in browser.get(path).text
    answer = mails()[-1]
    assert answer["recipient"] == ADDRESS
    assert "Only towns of the county, please." in answer["text"]
    assert apex().post("/start", data={**WISH, "slug": "szentendre"}).status_code == 303


def test_a_refused_sign_up_is_forgotten_after_a_month_and_a_waiting_one_is_kept(request, frozen, app):
    frozen("2026-11-22T10:00")
    operator, waiting = request.getfixturevalue("operator"), request.getfixturevalue("waiting")
    waiting()
    listed = operator.get("/operators/sign-ups").text
    refuse = re.search(r'href="(/operators/sign-ups/[0-9a-f-]+/refuse)"', listed)[1]
    for state, left in (("waiting", 1), ("refused", 0)):
        frozen("2026-12-23T10:00")
        with app.app_context():
            lifecycle.forget_old()
            assert db.session.scalar(select(func.count()).select_from(Signup)) == left, state
            end_transaction(keep=False)
        frozen("2026-11-22T10:01")
        operator.post(refuse, data={"reason": "Only towns of the county."})
