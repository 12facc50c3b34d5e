"""What the tests of signing in share: people who can, and apps that show codes."""

import re
from dataclasses import replace

import pyotp
import pytest

from app.accounts import policy as policies
from app.accounts.policy import Policy
from tests.portal.conftest import EN, PASSWORD, known, link_in, sign_in

__all__ = ["EN", "PASSWORD", "known", "link_in", "sign_in"]
SECURITY = "/account/security"


@pytest.fixture
def decide(in_city):
    """Set how a city lets people in: `decide(link=False)`."""

    def set_(slug="paris", **values) -> Policy:
        with in_city(slug):
            decided = replace(policies.policy(), **values)
            policies.keep(decided)
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
