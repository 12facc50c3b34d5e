"""What the tests of signing in share: people who can, and apps that show codes."""

import re
from dataclasses import replace
from urllib.parse import urlsplit

import pyotp
import pytest

from app.accounts import policy as policies
from app.accounts import sessions
from app.accounts.oidc import service as doors
from app.accounts.policy import Policy
from tests.portal.conftest import EN, PASSWORD, known, link_in, sign_in
from tests.sign_in import provider

__all__ = ["EN", "PASSWORD", "known", "link_in", "sign_in"]
SECURITY = "/account/security"
INES = {"sub": "ines-1", "email": "Ines@Example.org", "email_verified": True, "name": "Inès Da Costa"}


@pytest.fixture
def decide(in_city):
    """Set how a city lets people in: `decide(link=False)`."""

    def set_(slug="paris", **values) -> Policy:
        with in_city(slug):
            decided = replace(policies.policy(), **values)
            policies.keep(decided)
            sessions.limit_to(decided)
        return decided

    return set_


@pytest.fixture
def app_of(frozen):
    """Set an authenticator app up in a browser that is signed in; returns the app and the recovery codes."""

    def set_up(browser):
        page = browser.get(f"{SECURITY}/authenticator", headers=EN)
        assert page.status_code == 200, page.location
        secret = re.search(r'id="key">([^<]+)<', page.text)[1].replace(" ", "")
        totp = pyotp.TOTP(secret)
        done = browser.post(f"{SECURITY}/authenticator", data={"code": totp.now()}, headers=EN)
        assert done.status_code == 200, done.text
        codes = re.search(r'id="codes">([^<]+)<', done.text)[1].split()
        return totp, codes

    return set_up


def is_in(browser) -> bool:
    """Tell whether somebody is signed in."""
    return browser.get("/account").status_code == 200


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
