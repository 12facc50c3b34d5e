"""What the tests of a city's own pages share."""

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from app.accounts import services
from app.accounts.models import Role
from tenants import resolve
from tenants.models import CityRecord

PASSWORD = "tulip-canal-7 brass"
EN = {"Accept-Language": "en"}


@pytest.fixture
def known(in_city) -> Callable[..., str]:
    """Open a confirmed account in a city and return its address."""

    def make(email="ines@example.org", *, slug="paris", password=PASSWORD, role=Role.RESIDENT) -> str:
        with in_city(slug):
            services.create_confirmed(email, "Inès", role=role, language="en", password=password)
        return email

    return make


@pytest.fixture
def link_in(mails) -> Callable[[], str]:
    """Return the path of the link in the newest mail."""

    def find() -> str:
        found = re.findall(r"http://[^/\s]+(/sign-in/link/[\w-]+)", mails()[-1]["text"])
        assert found, mails()[-1]["text"]
        return str(found[0])

    return find


@pytest.fixture
def change_city(app) -> Callable[..., None]:
    """Change what the platform keeps about a city: `change_city("paris", published=False)`."""

    def change(slug: str, **values: object) -> None:
        from app.core.db import db, end_transaction

        with app.app_context():
            record = db.session.query(CityRecord).filter_by(slug=slug).one()
            for name, value in values.items():
                setattr(record, name, value)
            resolve.change()
            end_transaction(keep=True)

    return change


@pytest.fixture
def switch_off(in_city) -> Callable[..., None]:
    """Switch every module of a city off."""

    def off(slug: str = "paris") -> None:
        from app.core.context import current_city
        from tenants import toggles

        with in_city(slug):
            city = current_city()
            toggles.switch_off(city, sorted(city.modules))

    return off


@pytest.fixture
def sign_in() -> Callable[..., SimpleNamespace]:
    """Send the sign-in form from a browser."""

    def send(browser, email="ines@example.org", password=PASSWORD, **more):
        return browser.post("/sign-in", data={"email": email, "password": password, **more}, headers=EN)

    return send
