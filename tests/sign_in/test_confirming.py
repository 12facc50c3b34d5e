"""Dangerous acts ask once more who is there, and go on with what was typed."""

import re

import pytest

from tests.sign_in.conftest import EN, PASSWORD, SECURITY

LATER = "2026-11-22T10:30"
EMAIL = f"{SECURITY}/email"


@pytest.fixture
def ines(site, known, sign_in, frozen):
    frozen("2026-11-22T10:00")
    known()
    browser = site()
    sign_in(browser)
    return browser


def test_who_has_just_signed_in_is_not_asked(ines):
    assert ines.get(EMAIL).status_code == 200


def test_a_page_asks_and_leads_back(ines, frozen):
    frozen(LATER)
    asked = ines.get(EMAIL)
    assert asked.location == "/account/confirm?next=/account/security/email"
    page = ines.get(asked.location, headers=EN)
    assert "Is it you?" in page.text
    answer = ines.post("/account/confirm", data={"confirm-password": PASSWORD, "confirm-next": EMAIL})
    assert (answer.status_code, answer.location) == (303, EMAIL)
    assert ines.get(EMAIL).status_code == 200


def test_a_form_is_kept_while_it_asks(ines, frozen, mails):
    frozen(LATER)
    asked = ines.post(EMAIL, data={"email": "new@example.org"}, headers=EN)
    assert asked.status_code == 200
    assert "What you have typed is kept." in asked.text
    kept = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', asked.text))
    assert kept["email"] == "new@example.org"
    sent = {name: value for name, value in kept.items() if name not in ("csrf_token", "confirm-send")}
    wrong = ines.post("/account/confirm", data={**sent, "confirm-password": "not the right one"}, headers=EN)
    assert wrong.status_code == 422
    assert 'value="new@example.org"' in wrong.text
    assert mails() == []
    on = ines.post("/account/confirm", data={**sent, "confirm-password": PASSWORD})
    assert (on.status_code, on.location) == (307, EMAIL)
    # A browser sends the same form there once more.
    assert ines.post(on.location, data={**sent, "confirm-password": PASSWORD}).status_code == 303
    assert mails()[-1]["recipient"] == "new@example.org"


def test_a_code_by_mail_does_as_well(ines, frozen, mails):
    frozen(LATER)
    ines.post("/account/confirm", data={"confirm-send": "1", "confirm-next": EMAIL}, headers=EN)
    code = re.search(r"\b(\d{4}) (\d{4})\b", mails()[-1]["text"])[0]
    wrong = ines.post("/account/confirm", data={"confirm-code": "1234 5678", "confirm-next": EMAIL})
    assert wrong.status_code == 422
    right = ines.post("/account/confirm", data={"confirm-code": code, "confirm-next": EMAIL})
    assert (right.status_code, right.location) == (303, EMAIL)


def test_a_mailed_code_ends_after_ten_minutes_and_works_in_one_browser_alone(
    ines, site, sign_in, frozen, mails
):
    other = site()
    sign_in(other)
    frozen(LATER)
    ines.post("/account/confirm", data={"confirm-send": "1"})
    code = re.search(r"\b(\d{4} \d{4})\b", mails()[-1]["text"])[0]
    assert other.post("/account/confirm", data={"confirm-code": code}).status_code == 422
    frozen("2026-11-22T10:41")
    assert ines.post("/account/confirm", data={"confirm-code": code}).status_code == 422


def test_guessing_gets_slow(ines, frozen):
    frozen(LATER)
    statuses = [ines.post("/account/confirm", data={"confirm-code": f"{n:08}"}).status_code for n in range(8)]
    assert statuses == [422] * 6 + [429] * 2


def test_nobody_is_led_to_another_site(ines, frozen):
    frozen(LATER)
    for foreign in ("https://evil.example/", "//evil.example/", "/\\evil.example"):
        data = {"confirm-password": PASSWORD, "confirm-next": foreign, "confirm-method": "POST"}
        answer = ines.post("/account/confirm", data=data)
        assert (answer.status_code, answer.location) == (303, SECURITY)


def test_a_part_of_a_page_is_sent_to_ask_as_a_whole(ines, frozen):
    frozen(LATER)
    answer = ines.get(EMAIL, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"].startswith("/account/confirm")


def test_a_visitor_signs_in_instead(visitor):
    assert visitor.get("/account/confirm").location.startswith("/sign-in?next=")
    assert visitor.get(EMAIL).location.startswith("/sign-in?next=")
