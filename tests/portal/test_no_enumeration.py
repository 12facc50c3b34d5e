"""Nobody learns from an answer, its size, its cookies or the work behind it who has an account."""

import re

import pytest
from argon2 import PasswordHasher

from tests.portal.conftest import EN, PASSWORD

KNOWN, UNKNOWN = "ines@example.org", "otto@example.org"
FORMS = {
    "/sign-in": {"password": "not the right one"},
    "/sign-in/link": {},
    "/sign-in/forgotten": {},
    "/sign-up": {"name": "Somebody", "password": "quiet lantern 52 sea"},
}


def seen(answer, email):
    text = answer.text.replace(email, "@").replace(email.replace("@", "%40"), "@")
    text = re.sub(r'name="csrf_token" value="[^"]+"', "", text)
    own = ("Set-Cookie", "Content-Length", "X-Request-ID")
    headers = {k: v for k, v in answer.headers.items() if k not in own}
    return answer.status_code, headers, text


@pytest.mark.parametrize("path", FORMS)
def test_known_and_unknown_addresses_get_the_same_answer_after_the_same_queries(
    path, site, known, count_queries
):
    known(KNOWN)
    # Whether there is room for another account is looked at now and then, whoever asks; here before both.
    site("paris").post(path, data={"email": "somebody@example.org", **FORMS[path]}, headers=EN)
    answers, queries = [], []
    for email in (KNOWN, UNKNOWN):
        browser = site("paris")
        browser.get("/sign-in")
        with count_queries() as asked:
            answer = browser.post(path, data={"email": email, **FORMS[path]}, headers=EN)
        page = browser.get(answer.location, headers=EN) if answer.location else answer
        answers.append((seen(answer, email), seen(page, email)))
        queries.append(list(asked))
    assert answers[0] == answers[1]
    assert queries[0] == queries[1]
    assert queries[0]


@pytest.mark.parametrize("path", FORMS)
def test_the_same_task_is_asked_for_whoever_is_meant(path, site, known, run_tasks):
    known(KNOWN)
    for email in (KNOWN, UNKNOWN):
        site("paris").post(path, data={"email": email, **FORMS[path]})
        assert run_tasks()[0] == "accounts.answer"


def test_an_unconfirmed_account_gets_the_answer_of_a_wrong_password(site, sign_in, mails, frozen):
    frozen("2026-11-22T10:00")
    site().post("/sign-up", data={"name": "Otto", "email": UNKNOWN, "password": PASSWORD})
    assert len(mails()) == 1
    frozen("2026-11-22T11:00")
    unconfirmed, wrong = site(), site()
    unconfirmed.get("/sign-in")
    wrong.get("/sign-in")
    one = sign_in(unconfirmed, UNKNOWN, PASSWORD)
    other = sign_in(wrong, "nobody@example.org", PASSWORD)
    assert seen(one, UNKNOWN) == seen(other, "nobody@example.org")
    assert one.status_code == 422


def test_an_unconfirmed_account_that_tries_its_password_is_mailed_the_link_again(
    site, sign_in, mails, frozen
):
    frozen("2026-11-22T10:00")
    browser = site()
    browser.post("/sign-up", data={"name": "Otto", "email": UNKNOWN, "password": PASSWORD})
    assert len(mails()) == 1
    sign_in(browser, UNKNOWN)
    assert len(mails()) == 1, "the first mail is only just on its way"
    frozen("2026-11-22T10:11")
    sign_in(browser, UNKNOWN)
    first, second = mails()
    assert first["subject"] == second["subject"]
    assert "/sign-in/link/" in second["text"]


def test_who_has_an_account_is_told_by_mail_only(site, known, mails):
    known(KNOWN)
    for email in (KNOWN, UNKNOWN):
        site().post("/sign-up", data={"name": "A", "email": email}, headers=EN)
    subjects = {m["recipient"]: m["subject"] for m in mails()}
    assert subjects == {
        KNOWN: "You already have an account at Paris",
        UNKNOWN: "Confirm your address for Paris",
    }


def test_an_unknown_address_gets_no_link_and_no_mail(site, mails):
    site().post("/sign-in/link", data={"email": UNKNOWN})
    site().post("/sign-in/forgotten", data={"email": UNKNOWN})
    assert mails() == []


def test_a_password_is_compared_even_when_there_is_no_account(site, sign_in, monkeypatch):
    compared = []
    real = PasswordHasher.verify
    monkeypatch.setattr(PasswordHasher, "verify", lambda *args: compared.append(1) or real(*args))
    sign_in(site(), UNKNOWN)
    assert len(compared) == 1


def test_a_task_that_runs_twice_mails_once(site, in_city, mails, known):
    known(KNOWN)
    site().post("/sign-in/link", data={"email": KNOWN})
    assert len(mails()) == 1
    from app.accounts import asking
    from app.accounts.models import AccountRequest
    from app.core.db import db

    with in_city():
        asking.answer(db.session.query(AccountRequest).one().id)
    assert len(mails()) == 1
