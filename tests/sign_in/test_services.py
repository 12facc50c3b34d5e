"""Signing in with another service: a real one, which also misbehaves."""

import time
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.sign_in import provider
from tests.sign_in.conftest import EN, is_in
from tests.sign_in.going import HERE, come, leave, replaced


def test_the_button_is_there_at_once_and_its_form_leads_over_a_page(visitor, ident):
    page = visitor.get("/sign-in", headers=EN).text
    assert "Sign in with City ID" in page
    answer = visitor.post(f"/sign-in/with/{ident}", headers=EN)
    assert "Continue to City ID" in answer.text
    assert answer.headers["Refresh"].startswith("0; url=http://127.0.0.1:")


def test_a_new_resident_gets_an_account_and_sees_what_she_wanted(visitor, ident, service):
    answer = come(visitor, ident, service, back="/privacy")
    assert (answer.status_code, answer.location) == (303, "/privacy")
    page = visitor.get("/account", headers=EN).text
    assert "ines@example.org" in page
    assert "Inès Da Costa" in page


def test_whoever_comes_again_is_the_same_whatever_her_address_is_by_then(site, ident, service):
    come(site(), ident, service)
    service.person["email"] = "changed@example.org"
    browser = site()
    assert come(browser, ident, service).status_code == 303
    assert "ines@example.org" in browser.get("/account").text


def test_what_is_asked_has_state_nonce_and_a_challenge_of_its_own(site, ident):
    asked = [parse_qs(urlsplit(leave(site(), ident)).query) for _ in range(2)]
    for name in ("state", "nonce", "code_challenge"):
        assert len(asked[0][name][0]) >= 43
        assert asked[0][name] != asked[1][name]
    assert asked[0]["code_challenge_method"] == ["S256"]
    assert asked[0]["scope"] == ["openid email profile"]


WRONG = {
    "nonce of another": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "for another client": {"aud": "somebody else"},
    "for several, acting for another": {"aud": [provider.CLIENT, "other"], "azp": "other"},
    "of another issuer": {"iss": "https://evil.example"},
    "no issuer": {"iss": None},
    "over": {"exp": int(time.time()) - 600},
    "no end": {"exp": None},
    "from the future": {"nbf": int(time.time()) + 3600},
    "no subject": {"sub": None},
    "endless subject": {"sub": "x" * 300},
    "no text": {"sub": 5},
}


@pytest.mark.parametrize("claims", WRONG.values(), ids=WRONG)
def test_an_id_token_that_is_not_in_order_is_refused(visitor, ident, service, claims):
    service.claims = claims
    answer = come(visitor, ident, service)
    assert answer.status_code == 422
    assert "did not answer as it should" in answer.text
    assert not is_in(visitor)


@pytest.mark.parametrize("sign_with", ["none", "HS256", "stranger"])
def test_only_the_services_own_key_signs(visitor, ident, service, sign_with):
    service.sign_with = sign_with
    assert come(visitor, ident, service).status_code == 422
    assert not is_in(visitor)


@pytest.mark.parametrize("verified", [False, None, "false", 1, "yes"])
def test_an_address_that_was_not_verified_is_refused(visitor, ident, service, verified):
    service.person["email_verified"] = verified
    answer = come(visitor, ident, service)
    assert answer.status_code == 422
    assert not is_in(visitor)


def test_an_address_that_only_the_profile_tells_must_be_of_the_same_person(site, ident, service):
    service.claims = {"email": None, "email_verified": None, "name": None}
    assert come(site(), ident, service).status_code == 303
    service.claims = {"email": None, "email_verified": None, "sub": "another"}
    assert come(site(), ident, service).status_code == 422


@pytest.mark.parametrize(
    "change",
    [
        replaced("state", "another"),
        replaced("iss", "https://evil.example"),
        replaced("iss", None),
        replaced("code", "another"),
        replaced("error", "access_denied"),
    ],
    ids=["state", "other issuer", "no issuer", "code", "denied"],
)
def test_an_answer_that_does_not_belong_to_the_question_is_refused(visitor, ident, service, change):
    answer = come(visitor, ident, service, change=change)
    assert answer.status_code == 422
    assert not is_in(visitor)


def test_an_answer_in_another_browser_is_refused(site, ident, service):
    target = service.authorize(leave(site(), ident)).removeprefix(HERE)
    victim = site()
    assert victim.get(target).status_code == 422
    assert not is_in(victim)


def test_an_answer_is_taken_once(site, ident, service):
    browser = site()
    target = service.authorize(leave(browser, ident)).removeprefix(HERE)
    assert browser.get(target).status_code == 303
    assert browser.get(target).status_code == 422


def test_an_answer_of_one_service_is_none_of_another(site, ident, service, in_city, app):
    from app.accounts import policy as policies

    with in_city():
        decided = policies.policy()
        other = replace(decided.providers[0], id="other", title="Other", issuer="https://evil.example")
        policies.keep(replace(decided, providers=(*decided.providers, other)))
    browser = site()
    target = service.authorize(leave(browser, ident)).replace(f"/with/{ident}/", "/with/other/")
    assert browser.get(target.removeprefix(HERE)).status_code == 422
    assert "/token" not in service.asked, "no code of one service is shown to the other"
