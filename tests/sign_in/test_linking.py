"""Whom an identity of another service belongs to, and how a city sets services up."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from app.accounts.oidc import service as doors
from tests.sign_in import provider
from tests.sign_in.conftest import EN, SECURITY, is_in
from tests.sign_in.going import HERE, come, leave, replaced


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
