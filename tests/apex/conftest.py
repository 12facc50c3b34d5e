"""Signing a city up as its people do: the form, the mail, the button."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from app.core.db import db, end_transaction
from app.testing.plugin import Browser
from tenants import schema
from tenants.models import CityRecord, Signup

LINK = re.compile(r"http://parvis\.localhost:8000(/start/link/[\w-]+)")
WISH = {"city_name": "Szentendre", "slug": "", "email": "mayor@szentendre.example", "language": "hu"}


@pytest.fixture
def apex(site: Callable[..., Browser]) -> Browser:
    """A browser on the platform's own site that reads English."""
    browser = site("")
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return browser


@pytest.fixture
def ask(apex: Browser) -> Callable[..., Any]:
    """Send the form; what is not given is as for Szentendre."""
    return lambda **given: apex.post("/start", data={**WISH, **given})


@pytest.fixture
def mailed_link(mails: Callable[[], list[dict[str, str]]]) -> Callable[..., str]:
    """Return the path of the link that was mailed last to an address."""

    def newest(recipient: str = WISH["email"]) -> str:
        links = [LINK.search(mail["text"]) for mail in mails() if mail["recipient"] == recipient]
        return [link[1] for link in links if link][-1]

    return newest


@pytest.fixture
def confirmed(apex: Browser, ask: Callable[..., Any], mailed_link: Callable[..., str]) -> Callable[..., str]:
    """Go as far as the button behind the link; returns the path of the page that follows."""

    def go(**given: str) -> str:
        assert ask(**given).status_code == 303
        link = mailed_link(given.get("email", WISH["email"]))
        answer = apex.post(link)
        assert answer.status_code == 303
        return str(answer.location)

    return go


@pytest.fixture
def signups(app: Flask) -> Callable[[], list[Signup]]:
    """Return every sign-up there is, oldest first."""

    def read() -> list[Signup]:
        with app.app_context():
            found = list(db.session.scalars(select(Signup).order_by(Signup.id)))
            db.session.expunge_all()
            end_transaction(keep=False)
        return found

    return read


@pytest.fixture
def city_row(app: Flask) -> Callable[[str], CityRecord | None]:
    """Return the row of the city with an address."""

    def read(slug: str) -> CityRecord | None:
        with app.app_context():
            found = db.session.scalar(select(CityRecord).where(CityRecord.slug == slug))
            db.session.expunge_all()
            end_transaction(keep=False)
        return found

    return read


@pytest.fixture
def traces(app: Flask) -> Callable[[str], dict[str, bool]]:
    """Tell what of a city the database holds, by its id."""

    def look(city_id: str) -> dict[str, bool]:
        found = {
            "schema": "SELECT 1 FROM pg_namespace WHERE nspname = 'c_' || :id",
            "role": "SELECT 1 FROM pg_roles WHERE rolname = 'c_' || :id",
            "row": "SELECT 1 FROM platform.city WHERE id = :id",
        }
        with app.app_context(), schema.owner_transaction() as owner:
            return {what: bool(owner.scalar(text(sql), {"id": city_id})) for what, sql in found.items()}

    return look


@pytest.fixture
def when_a_table_is_made(app: Flask) -> Callable[[str, str], Any]:
    """Have the server do something at the moment a city's table is made: `with when_a_table_is_made(name, sql): …`."""

    @contextmanager
    def armed(table: str, statement: str) -> Iterator[None]:
        body = (
            "BEGIN IF EXISTS (SELECT 1 FROM pg_event_trigger_ddl_commands() c JOIN pg_class k ON k.oid = c.objid"
            f" WHERE c.command_tag = 'CREATE TABLE' AND k.relname = '{table}') THEN {statement}; END IF; END"
        )
        with app.app_context(), schema.owner_transaction() as owner:
            owner.exec_driver_sql(
                "CREATE FUNCTION shared.test_trap() RETURNS event_trigger LANGUAGE plpgsql AS $x$"
                + body
                + "$x$"
            )
            owner.exec_driver_sql(
                "CREATE EVENT TRIGGER test_trap ON ddl_command_end EXECUTE FUNCTION shared.test_trap()"
            )
        try:
            yield
        finally:
            with app.app_context(), schema.owner_transaction() as owner:
                owner.exec_driver_sql("DROP EVENT TRIGGER test_trap")
                owner.exec_driver_sql("DROP FUNCTION shared.test_trap()")

    return armed
