"""Signing in with another service: a real one, which also misbehaves."""

import re
import time
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from app.accounts.oidc import service as doors
from tests.sign_in import provider
from tests.sign_in.conftest import EN, SECURITY, is_in

INES = {"sub": "ines-1", "email": "Ines@Example.org", "email_verified": True, "name": "Inès Da Costa"}
HERE = "http://paris.parvis.localhost:8000"


@pytest.fixture
def service(app, monkeypatch):
    """A service to which the operator allows the way."""
    with provider.running() as found:
        host = urlsplit(found.issuer).netloc
        allowed = replace(app.config["PARVIS"], outbound_allow=(host, "127.0.0.1"))
        monkeypatch.setitem(app.config, "PARVIS", allowed)
        found.person = dict(INES)
        doors._kept.clear()
        yield found


@pytest.fixture
def add(service, staff):
    """Add the service in the console; returns its id."""

    def send(**values):
        sent = {
            "title": "City ID",
            "issuer": service.issuer,
            "client_id": provider.CLIENT,
            "secret": provider.SECRET,
            "audience": "everybody",
            "opens_accounts": "y",
            "on": "y",
            **values,
        }
        sent = {name: value for name, value in sent.items() if value is not None}
        answer = staff.post("/admin/settings/sign-in/services/new", data=sent, headers=EN)
        assert answer.status_code == 303, re.findall(r'class="error"[^>]*>(.*?)</p>', answer.text)
        return answer.location.rsplit("/", 1)[1]

    return send


@pytest.fixture
def ident(add):
    return add()


def leave(browser, ident, back=""):
    page = browser.post(f"/sign-in/with/{ident}", data={"next": back}, headers=EN)
    assert page.status_code == 200, page.text
    return page.headers["Refresh"].removeprefix("0; url=")


def come(browser, ident, service, back="", change=lambda url: url):
    target = change(service.authorize(leave(browser, ident, back)))
    assert target.startswith(f"{HERE}/sign-in/with/{ident}/back?")
    return browser.get(target.removeprefix(HERE), headers=EN)


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


def replaced(name, value):
    def change(url):
        parts = urlsplit(url)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()} | {name: value}
        from urllib.parse import urlencode

        return parts._replace(query=urlencode({k: v for k, v in query.items() if v is not None})).geturl()

    return change


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


def test_an_account_with_a_password_is_never_taken_over_by_its_address(site, ident, service, known, sign_in):
    known()
    browser = site()
    answer = come(browser, ident, service)
    assert answer.location == "/sign-in"
    assert not is_in(browser)
    assert "Sign in to it once the way you always do" in browser.get("/sign-in", headers=EN).text
    assert not is_in(site())
    sign_in(browser)
    assert "City ID" in browser.get(SECURITY, headers=EN).text
    assert come(site(), ident, service).status_code == 303, "from then on"


def test_the_link_waits_for_its_own_person_alone(site, ident, service, known, sign_in):
    known()
    known("otto@example.org")
    browser = site()
    come(browser, ident, service)
    sign_in(browser, email="otto@example.org")
    browser.post("/sign-out")
    assert come(site(), ident, service).location == "/sign-in"


def test_staff_without_a_password_are_asked_to_sign_in_once_as_well(site, ident, service, known):
    known(role="editor", password=None)
    browser = site()
    assert come(browser, ident, service).location == "/sign-in"
    assert not is_in(browser)


def test_a_resident_who_only_ever_came_by_mail_is_linked(site, ident, service, known, mails):
    known(password=None)
    browser = site()
    assert come(browser, ident, service).status_code == 303
    assert is_in(browser)
    assert any("signing in with City ID" in mail["text"] for mail in mails())


def test_a_second_identity_does_not_slip_in_by_the_address(site, ident, service):
    come(site(), ident, service)
    service.person["sub"] = "somebody-else"
    browser = site()
    assert come(browser, ident, service).location == "/sign-in"
    assert not is_in(browser)


@pytest.mark.parametrize(("audience", "role", "opens"), [
    ("staff", "resident", False), ("staff", "editor", True),
    ("residents", "editor", False), ("residents", "resident", True),
])  # fmt: skip
def test_a_service_is_for_those_whom_the_city_wants(
    site, add, service, known, sign_in, audience, role, opens
):
    ident = add(audience=audience)
    known(role=role)
    browser = site()
    come(browser, ident, service)
    sign_in(browser)
    other = site()
    assert (come(other, ident, service).status_code == 303 and is_in(other)) is opens


def test_nobody_opens_an_account_with_a_service_for_staff(visitor, add, service):
    answer = come(visitor, add(audience="staff"), service)
    assert answer.status_code == 403
    assert "Ask an administrator to invite you." in answer.text


def test_only_the_citys_addresses_come_where_it_says_so(site, add, service):
    ident = add(domains="paris.example\n@ville.example")
    assert come(site(), ident, service).status_code == 403
    service.person["email"] = "ines@ville.example"
    assert come(site(), ident, service).status_code == 303


def test_a_service_that_was_switched_off_is_gone_at_once(visitor, staff, ident, service):
    staff.post(
        f"/admin/settings/sign-in/services/{ident}",
        data={
            "title": "City ID",
            "issuer": service.issuer,
            "client_id": provider.CLIENT,
            "audience": "staff",
        },
    )
    assert visitor.post(f"/sign-in/with/{ident}").status_code == 404
    assert "City ID" not in visitor.get("/sign-in").text


def test_the_secret_is_kept_sealed_and_an_empty_field_keeps_it(site, staff, ident, service, in_city):
    from app.core.settings import stored

    page = staff.get(f"/admin/settings/sign-in/services/{ident}", headers=EN).text
    assert provider.SECRET not in page
    assert f"{HERE}/sign-in/with/{ident}/back" in page
    sent = {"title": "New name", "issuer": service.issuer, "client_id": provider.CLIENT,
            "audience": "everybody", "opens_accounts": "y", "on": "y"}  # fmt: skip
    assert staff.post(f"/admin/settings/sign-in/services/{ident}", data=sent).status_code == 303
    with in_city():
        assert provider.SECRET not in str(stored("platform.sign_in"))
    assert come(site(), ident, service).status_code == 303


def test_who_has_a_second_factor_shows_it_here_as_well_unless_the_service_is_trusted(
    site, staff, add, service, known, sign_in, app_of, frozen
):
    ident = add()
    known()
    browser = site()
    come(browser, ident, service)
    sign_in(browser)
    app_of(browser)
    assert come(site(), ident, service).location == "/sign-in/second"
    sent = {"title": "City ID", "issuer": service.issuer, "client_id": provider.CLIENT,
            "audience": "everybody", "opens_accounts": "y", "on": "y", "trusted": "y"}  # fmt: skip
    staff.post(f"/admin/settings/sign-in/services/{ident}", data=sent)
    other = site()
    assert come(other, ident, service).location == "/"
    assert is_in(other)


def test_signing_out_leads_past_the_service(visitor, ident, service):
    come(visitor, ident, service)
    answer = visitor.post("/sign-out", headers=EN)
    assert not is_in(visitor)
    target = urlsplit(answer.headers["Refresh"].removeprefix("0; url="))
    asked = parse_qs(target.query)
    assert f"{target.scheme}://{target.netloc}{target.path}" == f"{service.issuer}/end"
    assert asked["post_logout_redirect_uri"] == [f"{HERE}/"]
    assert asked["client_id"] == [provider.CLIENT]
    assert asked["id_token_hint"][0].count(".") == 2


def test_signing_out_works_when_the_service_is_down(visitor, ident, service):
    come(visitor, ident, service)
    doors._kept.clear()
    service.down = True
    assert visitor.post("/sign-out").location == "/"
    assert not is_in(visitor)


def test_somebody_who_is_signed_in_links_and_unlinks(site, ident, service, known, sign_in, mails):
    known("otto@example.org")
    browser = site()
    sign_in(browser, email="otto@example.org")
    page = browser.post(f"{SECURITY}/services/{ident}/link", headers=EN)
    target = service.authorize(page.headers["Refresh"].removeprefix("0; url="))
    assert browser.get(target.removeprefix(HERE)).location == SECURITY
    other = site()
    assert come(other, ident, service).status_code == 303
    assert "otto@example.org" in other.get("/account").text
    path = re.search(r'action="(/account/security/services/[^"]+/unlink)"', browser.get(SECURITY).text)[1]
    assert browser.post(path).status_code == 303
    assert any("no longer be opened by signing in with City ID" in mail["text"] for mail in mails())


def test_an_identity_of_somebody_else_is_not_linked_again(site, ident, service, known, sign_in):
    come(site(), ident, service)
    known("otto@example.org")
    browser = site()
    sign_in(browser, email="otto@example.org")
    page = browser.post(f"{SECURITY}/services/{ident}/link", headers=EN)
    target = service.authorize(page.headers["Refresh"].removeprefix("0; url="))
    assert browser.get(target.removeprefix(HERE)).status_code == 409


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://169.254.169.254/latest"},
        {"jwks_uri": "javascript:alert(1)"},
        {"authorization_endpoint": "data:text/html,hello"},
        {"id_token_signing_alg_values_supported": ["none", "HS256"]},
        {"id_token_signing_alg_values_supported": "RS256"},
    ],
)
def test_a_service_that_describes_itself_badly_is_not_added(staff, service, metadata):
    service.metadata = metadata
    sent = {"title": "X", "issuer": service.issuer, "client_id": "x", "audience": "everybody"}
    answer = staff.post("/admin/settings/sign-in/services/new", data=sent, headers=EN)
    assert answer.status_code == 422
    assert 'value="X"' in answer.text


@pytest.mark.parametrize(
    "issuer", ["http://127.0.0.1:1", "https://10.0.0.1", "file:///etc/passwd", "https://localhost", "nothing"]
)
def test_an_address_that_leads_inside_is_refused_in_the_form(staff, issuer):
    sent = {"title": "X", "issuer": issuer, "client_id": "x", "audience": "everybody"}
    answer = staff.post("/admin/settings/sign-in/services/new", data=sent, headers=EN)
    assert answer.status_code == 422


def test_a_code_is_redeemed_with_the_verifier_of_this_browser(site, ident, service):
    """Somebody who steals a code cannot use it: his own question has another verifier."""
    victim, thief = site(), site()
    stolen = parse_qs(urlsplit(service.authorize(leave(victim, ident))).query)["code"][0]
    answer = come(thief, ident, service, change=replaced("code", stolen))
    assert answer.status_code == 422
    assert not is_in(thief)


def test_a_service_of_one_city_is_unknown_in_another(site, ident):
    assert site("budapest").post(f"/sign-in/with/{ident}").status_code == 404
