import json
from datetime import date

import pytest

from app.core.db import db, end_transaction
from tenants import resolve
from tenants.models import CityRecord
from tests.sign_in.authenticator import Authenticator, encode
from tests.sign_in.conftest import EN, SECURITY, is_in

ORIGIN = "http://paris.parvis.localhost:8000"


@pytest.fixture
def ines(site, known, sign_in):
    known()
    browser = site()
    sign_in(browser)
    return browser


def add(browser, key=None, name="my phone"):
    made = key or Authenticator(ORIGIN)
    asked = browser.post(f"{SECURITY}/passkeys/options").json
    answer = browser.post(
        f"{SECURITY}/passkeys/new", data={"name": name, "answer": made.make(asked)}, headers=EN
    )
    return made, answer


def enter(browser, key, path="/sign-in/passkey", **more):
    asked = browser.post("/sign-in/passkey/options").json
    return browser.post(path, data={"answer": key.use(asked), **more}, headers=EN)


@pytest.fixture
def key(ines, mails):
    made, answer = add(ines)
    assert answer.status_code == 303, answer.text
    assert "The passkey “my phone” was added" in mails()[-1]["text"]
    return made


def test_a_passkey_signs_in_alone_and_the_wish_is_kept(key, site):
    browser = site()
    answer = enter(browser, key, next="/privacy")
    assert (answer.status_code, answer.location) == (303, "/privacy")
    assert is_in(browser)


def test_the_browser_is_asked_for_a_key_that_it_keeps_and_opens_for_its_owner_alone(ines):
    asked = ines.post(f"{SECURITY}/passkeys/options").json
    assert asked["rp"] == {"name": "Paris", "id": "paris.parvis.localhost"}
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert asked["attestation"] == "none"


def test_a_challenge_works_once(key, site):
    browser = site()
    asked = browser.post("/sign-in/passkey/options").json
    cookie = browser.get_cookie("__Host-parvis", domain=browser.host).value
    answer = key.use(asked)
    assert browser.post("/sign-in/passkey", data={"answer": answer}).status_code == 303
    thief = site()
    thief.set_cookie("__Host-parvis", cookie, domain=thief.host)
    assert thief.post("/sign-in/passkey", data={"answer": answer}).status_code == 422
    assert not is_in(thief)


def test_a_challenge_ends_after_five_minutes(key, site, frozen):
    frozen("2026-11-22T10:00")
    browser = site()
    asked = browser.post("/sign-in/passkey/options").json
    frozen("2026-11-22T10:06")
    assert browser.post("/sign-in/passkey", data={"answer": key.use(asked)}).status_code == 422


def test_an_answer_to_another_browsers_challenge_is_refused(key, site):
    asked = site().post("/sign-in/passkey/options").json
    other = site()
    other.post("/sign-in/passkey/options")
    assert other.post("/sign-in/passkey", data={"answer": key.use(asked)}).status_code == 422


@pytest.mark.parametrize(
    "change",
    [
        {"origin": "http://budapest.parvis.localhost:8000"},
        {"origin": "http://paris.parvis.localhost.evil.example"},
        {"rp_id": "parvis.localhost"},
        {"verified": False},
        {"id": b"another key entirely"},
        {"user": b"somebody else's id"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_is_not_quite_right_is_refused(key, site, change):
    for name, value in change.items():
        setattr(key, name, value)
    browser = site()
    answer = enter(browser, key)
    assert answer.status_code == 422
    assert "The passkey was not accepted." in answer.text
    assert not is_in(browser)


def test_a_signature_of_another_key_is_refused(key, site):
    key.key = Authenticator(ORIGIN).key
    assert enter(site(), key).status_code == 422


@pytest.mark.parametrize(
    "answer", ["", "nonsense", "[]", "{}", '{"rawId": 5}', '{"rawId": "AA", "response": null}', "x" * 30_000]
)
def test_nonsense_is_refused_in_words(site, ines, answer):
    browser = site()
    browser.post("/sign-in/passkey/options")
    assert browser.post("/sign-in/passkey", data={"answer": answer}).status_code == 422
    ines.post(f"{SECURITY}/passkeys/options")
    assert ines.post(f"{SECURITY}/passkeys/new", data={"answer": answer}).status_code == 422


def test_a_copied_passkey_is_refused_and_its_owner_told(key, site, mails):
    enter(site(), key)
    enter(site(), key)
    key.count = 0
    answer = enter(site(), key)
    assert answer.status_code == 422
    assert "seems to have been copied" in answer.text
    assert any("copy of your passkey" in mail["text"] for mail in mails())


def test_a_passkey_of_one_city_is_nothing_in_another(key, site, known):
    known(slug="budapest")
    there = site("budapest")
    key.origin = ORIGIN.replace("paris", "budapest")
    key.rp_id = "budapest.parvis.localhost"
    assert enter(there, key).status_code == 422


def test_the_same_passkey_is_not_added_twice(ines, key):
    _key, again = add(ines, key)
    assert again.status_code == 409


def test_a_passkey_can_be_named_anew_and_removed(ines, key, site, mails):
    path = _link(ines.get(SECURITY).text)
    ines.post(path, data={"name": "  blue\u202e key "})
    assert "blue key" in ines.get(SECURITY).text
    assert ines.post(f"{path}/remove").status_code == 303
    assert any("“blue key” was removed" in mail["text"] for mail in mails())
    assert enter(site(), key).status_code == 422


def _link(page):
    return next(part.split('"')[0] for part in page.split('href="') if "/passkeys/0" in part[:40])


def test_nobody_touches_anothers_passkey(ines, key, site, known, sign_in):
    path = _link(ines.get(SECURITY).text)
    known("otto@example.org")
    other = site()
    sign_in(other, email="otto@example.org")
    assert other.get(path).status_code == 404
    assert other.post(f"{path}/remove").status_code == 404
    assert enter(site(), key).status_code == 303


def test_pages_say_what_a_new_host_means_for_passkeys(app, ines, key, site, sign_in):
    with app.app_context():
        db.session.query(CityRecord).filter_by(slug="paris").one().slug = "lutetia"
        resolve.change()
        end_transaction(keep=True)
    browser = site("lutetia")
    assert enter(browser, key).status_code == 422
    sign_in(browser)
    assert "The address of this site has changed." in browser.get(SECURITY, headers=EN).text
    administrator = site("lutetia", role="administrator")
    settings = administrator.get("/admin/settings/sign-in", headers=EN).text
    assert "does not work on lutetia.parvis.localhost" in settings


def test_staff_with_a_passkey_use_it_as_second_factor_once_the_city_asks_for_one(
    site, known, sign_in, decide
):
    known(role="editor")
    first = site()
    sign_in(first)
    key, _answer = add(first)
    decide(staff_factor_from=date(2026, 1, 1))
    browser = site()
    assert sign_in(browser).location == "/sign-in/second"
    asked = browser.post("/sign-in/passkey/options?second=1").json
    assert [each["id"] for each in asked["allowCredentials"]] == [encode(key.id)]
    answer = browser.post("/sign-in/passkey?second=1", data={"answer": key.use(asked)})
    assert (answer.status_code, answer.location) == (303, "/admin/")
    assert browser.get("/admin/").status_code == 200


def test_anothers_passkey_is_no_second_factor(site, known, sign_in, decide, key):
    known("malik@example.org", role="editor")
    first = site()
    sign_in(first, email="malik@example.org")
    add(first)
    decide(staff_factor_from=date(2026, 1, 1))
    browser = site()
    assert sign_in(browser, email="malik@example.org").location == "/sign-in/second"
    asked = browser.post("/sign-in/passkey/options?second=1").json
    assert browser.post("/sign-in/passkey?second=1", data={"answer": key.use(asked)}).status_code == 422


def test_a_city_that_offers_none_takes_none(key, site, decide, ines):
    decide(passkey=False)
    assert site().post("/sign-in/passkey/options").status_code == 403
    assert "data-passkey" not in site().get("/sign-in").text
    assert ines.post(f"{SECURITY}/passkeys/options").status_code == 403


def test_options_tell_nobody_who_has_a_passkey(key, site):
    asked = site().post("/sign-in/passkey/options").json
    assert asked["allowCredentials"] == []
    assert json.dumps(asked).count("ines") == 0
