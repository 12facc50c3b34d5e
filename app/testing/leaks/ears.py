"""Listening to what a round leaves outside the pages: log lines, error reports, figures, addresses of pages.

All of it is read by people who have no business with what residents wrote, or travels further: the address of a page
gets into histories and referrers. So no word of a city may be in a log line or an error report, and no person's name or
address in any address.
"""

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote_plus

from flask import Flask
from sqlalchemy import text

from app.core import log
from app.testing.leaks.report import Report
from tenants.schema import owner_transaction

_LINK = re.compile(r"https?://[^\s\"'<>\\]+")
_MARK = re.compile(r"canary-\w+", re.IGNORECASE)
_ADDRESS = re.compile(r"[\w.+-]+@canary-\w+\.example", re.IGNORECASE)


@dataclass(slots=True)
class Ears:
    """What was heard in one round."""

    lines: list[str] = field(default_factory=list)
    links: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    """Names of people of the two cities, in lower case."""
    figures: str = ""
    errors: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    read: set[str] = field(default_factory=set)

    def read_mails(self, app: Flask) -> None:
        """Keep the links of the mails that have been handed over since; they are cleared away after each act."""
        folder = Path(app.config["PARVIS"].mail_url.removeprefix("file://"))
        for path in folder.glob("[!.]*.json"):
            if path.name not in self.read:
                self.read.add(path.name)
                mail = json.loads(path.read_text())
                self.links.update(_LINK.findall(mail["text"]) + _LINK.findall(mail["html"]))


class _Listener(logging.Handler):
    """Keeps log lines as a deployment would write them."""

    def __init__(self, ears: Ears) -> None:
        super().__init__()
        self.ears = ears
        self.addFilter(log.Facts())
        self.setFormatter(log.JsonLines())

    def emit(self, record: logging.LogRecord) -> None:
        self.ears.lines.append(self.format(record))


@contextmanager
def listening(app: Flask, ears: Ears) -> Iterator[None]:
    """Hear all that is logged inside the block, then what is left in figures and error reports."""
    root, listener = logging.getLogger(), _Listener(ears)
    level = root.level
    root.addHandler(listener)
    root.setLevel(logging.INFO)
    try:
        yield
    finally:
        root.removeHandler(listener)
        root.setLevel(level)
    answer = app.test_client(use_cookies=False).get("/internal/metrics", base_url="http://127.0.0.1:8000")
    ears.figures = answer.text
    with app.app_context(), owner_transaction() as owner:
        ears.errors = [
            str(row[0]) for row in owner.execute(text("SELECT to_jsonb(f) FROM platform.failure f"))
        ]


def learn_people(app: Flask, schemas: tuple[str, ...], ears: Ears) -> None:
    """Learn who the people of the two cities are."""
    with app.app_context(), owner_transaction() as owner:
        for schema in schemas:
            found = owner.execute(text(f"SELECT name FROM \"{schema}\".account WHERE name ILIKE '%canary-%'"))
            ears.names |= {str(row[0]).lower() for row in found}


def check(ears: Ears, report: Report) -> None:
    """Keep a complaint of whatever of a person was heard where it must not be."""
    for what, texts in (
        ("a log line", ears.lines),
        ("an error report", ears.errors),
        ("the figures", [ears.figures]),
    ):
        for line in texts:
            if found := _MARK.search(line):
                at = max(0, found.start() - 120)
                ears.complaints.append(f"{what} holds words of a city: …{line[at : found.end() + 60]}…")
    locations = {value for seen in (*report.seen, *report.theirs) for value in seen.header("Location")}
    for link in sorted(locations | ears.links):
        plain = unquote_plus(link).lower()
        person = _ADDRESS.search(plain) or next((name for name in ears.names if name in plain), None)
        if person is not None:
            ears.complaints.append(f"the address of a page names a person: {link}")
