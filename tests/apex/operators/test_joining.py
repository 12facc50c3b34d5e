import re
from urllib.parse import unquote

import pytest
from sqlalchemy import select

from app.core.db import db, end_transaction
from tenants.models import Operator
from tests.apex.operators.conftest import EMAIL, PASSWORD


@pytest.fixture
def row(app):
    def read():
        with app.app_context():
            found = db.session.scalar(select(Operator))
            db.session.expunge_all()
            end_transaction(keep=False)
        return found

    return read


def test_the_shell_prints_a_link_that_leads_to_password_authenticator_and_recovery_codes(
    apex, link, join, row
):
    browser, path = apex(), link()
    assert "Welcome, Ada Byron" in browser.get(path).text
    phone, codes = join(browser, path)
    assert len(set(codes)) == 10
    assert browser.get("/operators/").status_code == 200
    assert browser.get(path).status_code == 410

    kept = row()
    assert phone.secret not in kept.totp_secret
    assert not set(codes) & set(kept.recovery_hashes)
    assert kept.password_hash.startswith("$argon2id$")


def test_opening_the_link_does_nothing(apex, link, row):
    browser, path = apex(), link()
    for _ in range(2):
        assert browser.get(path).status_code == 200
    assert row().password_hash is None


def test_the_recovery_codes_can_be_downloaded_without_javascript(apex, link):
    browser, path = apex(), link()
    answer = browser.post(path, data={"password": PASSWORD})
    secret = re.search(r'id="key">([A-Z2-7 ]+)<', browser.get(answer.location).text)[1].replace(" ", "")
    import pyotp

    page = browser.post(answer.location, data={"code": pyotp.TOTP(secret).now()}).text
    shown = re.search(r'id="codes">([^<]+)<', page)[1].split()
    file = re.search(r'href="data:text/plain;charset=utf-8,([^"]+)"', page)[1]
    assert unquote(file).split() == shown


def test_the_picture_says_what_the_text_says_and_is_kept_nowhere(apex, link):
    browser, path = apex(), link()
    at = browser.post(path, data={"password": PASSWORD}).location
    picture = re.search(r'<img src="([^"]+qr\.svg)"', browser.get(at).text)[1]
    answer = browser.get(picture)
    assert answer.mimetype == "image/svg+xml"
    assert answer.headers["Cache-Control"] == "no-store"
    assert b"<path" in answer.data
    assert b"style=" not in answer.data


def test_only_the_browser_that_chose_the_password_sees_the_secret(apex, link):
    browser, path = apex(), link()
    at = browser.post(path, data={"password": PASSWORD}).location
    other = apex()
    assert other.get(at).location == path
    assert other.get(f"{path}/qr.svg").status_code == 404
    assert other.post(at, data={"code": "123456"}).location == path


def test_a_weak_password_is_refused(apex, link, row):
    browser, path = apex(), link()
    for weak in ("short", "password123", "ada@platform.example1"):
        answer = browser.post(path, data={"password": weak})
        assert answer.status_code == 422
    assert "easy to guess" in answer.text
    assert row().password_hash is None


def test_a_wrong_first_code_keeps_the_link_alive(apex, link, join):
    browser, path = apex(), link()
    at = browser.post(path, data={"password": PASSWORD}).location
    answer = browser.post(at, data={"code": "000000"})
    assert answer.status_code == 422
    assert "This code is not right" in answer.text
    assert browser.get("/operators/").status_code == 302
    join(browser, path)
    assert browser.get("/operators/").status_code == 200


def test_a_password_alone_opens_nothing_before_the_code_is_confirmed(apex, link, sign_in):
    browser, path = apex(), link()
    browser.post(path, data={"password": PASSWORD})
    assert sign_in(apex(), "123456").status_code == 422


def test_the_link_works_for_24_hours(apex, link, frozen):
    frozen("2026-11-22T10:00")
    path = link()
    frozen("2026-11-23T09:59")
    assert apex().get(path).status_code == 200
    frozen("2026-11-23T10:01")
    for answer in (apex().get(path), apex().post(path, data={"password": PASSWORD})):
        assert answer.status_code == 410
        assert "Ask whoever sent it to you" in answer.text


def test_a_reset_ends_everything_the_old_factors_opened(apex, operator, shell, join, sign_in, frozen):
    path = shell("operator", "reset", EMAIL)["link"].removeprefix("http://parvis.localhost:8000")
    assert operator.get("/operators/").status_code == 302
    assert sign_in(apex(), operator.recovery_codes[0]).status_code == 422
    join(operator, path)
    assert operator.get("/operators/").status_code == 200


def test_the_shell_lists_operators_and_refuses_what_cannot_be(shell, link):
    assert shell("operator", "list") == []
    link()
    (line,) = shell("operator", "list")
    assert (line["email"], line["name"], line["state"]) == (EMAIL, "Ada Byron", "invited")
    assert "is an operator already" in shell("operator", "add", EMAIL, "--name", "Ada", fails=True)
    assert "name@example.org" in shell("operator", "add", "nobody", "--name", "Ada", fails=True)
    assert "Nobody with the address" in shell("operator", "disable", "x@y.example", fails=True)
