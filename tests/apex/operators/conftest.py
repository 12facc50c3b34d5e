"""Operators as they come in: by the shell's link, with an authenticator that works."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

import pyotp
import pytest
from click.testing import CliRunner

from app.cli import main
from app.core.clock import now

PASSWORD = "velvet-otter-lantern-94"
EMAIL = "ada@platform.example"


@dataclass
class Phone:
    """An authenticator app: shows each code once, as the next one is only good later."""

    secret: str
    shift: int = 0

    def code(self) -> str:
        return pyotp.TOTP(self.secret).at(int(now().timestamp()))


@pytest.fixture
def shell(app) -> Callable[..., object]:
    """Run `parvis …` and return what it prints as JSON, or its text when it fails."""

    def run(*words: str, fails: bool = False):
        result = CliRunner().invoke(main, [*words, "--json"], obj=lambda: app)
        assert (result.exit_code != 0) is fails, result.output
        return result.output if fails else json.loads(result.output)

    return run


@pytest.fixture
def apex(site):
    """Open browsers on the platform's own site that read English."""

    def make():
        browser = site("")
        browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        return browser

    return make


@pytest.fixture
def link(shell) -> Callable[..., str]:
    """Name an operator and return the path of the link to come in."""

    def make(email: str = EMAIL, name: str = "Ada Byron") -> str:
        told = shell("operator", "add", email, "--name", name)
        return told["link"].removeprefix("http://parvis.localhost:8000")

    return make


@pytest.fixture
def join(apex) -> Callable[..., Phone]:
    """Walk through a link to the end; returns the phone."""

    def walk(browser, path: str) -> tuple[Phone, list[str]]:
        answer = browser.post(path, data={"password": PASSWORD})
        assert answer.status_code == 303, answer.text
        page = browser.get(answer.location).text
        phone = Phone(re.search(r'id="key">([A-Z2-7 ]+)<', page)[1].replace(" ", ""))
        last = browser.post(answer.location, data={"code": phone.code()})
        assert last.status_code == 200, last.text
        return phone, re.search(r'id="codes">([^<]+)<', last.text)[1].split()

    return walk


@pytest.fixture
def operator(apex, link, join):
    """A browser in which an operator is signed in, fresh from the link."""
    browser = apex()
    browser.phone, browser.recovery_codes = join(browser, link())
    return browser


@pytest.fixture
def sign_in():
    """Send the sign-in form."""

    def send(browser, code: str, *, email: str = EMAIL, password: str = PASSWORD, **more: str):
        return browser.post(
            "/operators/sign-in", data={"email": email, "password": password, "code": code, **more}
        )

    return send
