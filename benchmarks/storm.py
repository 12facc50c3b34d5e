"""A storm of notifications: very many to the people of many cities, two workers, one of them killed three times.

Counts what arrives at an SMTP server, mail by mail, and how long the receipts of a city that takes no part in the storm
take meanwhile, against the same receipts before it. The floor is a bare smtplib that sends the same number of mails.
"""

import argparse
import os
import signal
import smtplib
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg
from flask import Flask
from sqlalchemy import select

from app.accounts.models import Account
from app.core import config
from app.core.clock import now
from app.core.db import db, end_transaction
from app.core.quotas import Resource
from app.factory import create_app
from app.notify.audiences import everybody
from app.notify.telling import notify
from app.services.mail import Mail
from app.services.smtp import as_message
from benchmarks.cities import city_id, schema_of, slug_of
from benchmarks.measuring import machine, say, table
from benchmarks.post_office import PostOffice, post_office
from benchmarks.servers import Servers, servers
from devstack.child import Child
from devstack.product import processes
from tenants import resolve, schema, setup
from tenants.inside import inside
from tenants.models import CityRecord, CityState, Quota

KIND = "platform.message_important"
QUIET_CITY = 0
KILLS = (0.2, 0.45, 0.7)
RECEIPTS_BEFORE, RECEIPT_EVERY = 20, 1.0
MOST_MAILS = 10**9
SUBJECT = "Works in your street"
WORDS = {"title": {"en": SUBJECT}, "message": {"en": "From Monday on, for two weeks."}}
_PEOPLE = """
INSERT INTO "{schema}".account (id, email, name, language, role, confirmed_at, created_at)
SELECT gen_random_uuid(), 'p' || n || '@{slug}.example', 'Person ' || n, 'en', 'resident', now(), now()
FROM generate_series(1, %s) n
"""


@dataclass
class Storm:
    """What happens: the application, its workers, and what arrives."""

    app: Flask
    office: PostOffice
    workers: list[Child]
    cities: int
    each: int

    @property
    def total(self) -> int:
        """Return how many people are told."""
        return self.cities * self.each


def main() -> None:
    """Run the storm and print what arrived."""
    given = _options()
    with servers() as started, post_office(started.folder) as office:
        environment = {**started.environment, "MAIL_URL": office.url, "PORT": "8000"}
        app = _prepare(config.read(environment), started, given.cities, given.each)
        children = _workers(started.folder, environment)
        storm = Storm(app, office, children[1:], given.cities, given.each)
        for child in children:
            child.start()
        try:
            _report(storm, started)
        finally:
            for child in children:
                child.ask_to_stop()
            for child in children:
                child.stop()


def _report(storm: Storm, started: Servers) -> None:
    say("receipts before the storm")
    _receipt(storm, "first")  # the workers have come up
    before = [_receipt(storm, f"before-{n}") for n in range(RECEIPTS_BEFORE)]
    begun, known = time.time(), storm.office.number()
    _announce(storm)
    during = _watch(storm, known)
    arrived = [one for one in storm.office.taken() if one.subject == SUBJECT]
    lasted = max(one.at for one in arrived) - begun
    reached = {one.recipient for one in arrived}
    idents = Counter(one.ident for one in arrived)
    floor = _floor(storm)
    with psycopg.connect(started.plain_url(started.postgres.dbname)) as connection:
        version = str(connection.info.server_version // 10000)
    print(machine(version))
    print(
        table(
            ("what", "number"),
            [
                ("people told", storm.total),
                ("people whom it reached", len(reached)),
                ("handed over more than once, the same Message-ID", sum(n - 1 for n in idents.values())),
                ("different mails of one cause to one person", len(idents) - len(reached)),
                ("seconds", f"{lasted:.0f}"),
                ("mails a second", f"{storm.total / lasted:.0f}"),
                ("bare smtplib, mails a second", f"{floor:.0f}"),
                ("receipts before: median, slowest (s)", _times(before)),
                ("receipts during: median, p95, slowest (s)", _times(during)),
                ("receipts during", len(during)),
            ],
        )
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--cities", type=int, default=50, help="how many cities tell everybody something (50)"
    )
    parser.add_argument("--each", type=int, default=2000, help="how many people each of them has (2000)")
    return parser.parse_args()


def _prepare(settings: config.Config, started: Servers, cities: int, each: int) -> Flask:
    app = create_app(settings)
    with app.app_context():
        setup.prepare(lambda _line: None)
        for index in range(cities + 1):
            _make(index)
        resolve.change()
        end_transaction(keep=True)
    with psycopg.connect(started.plain_url(started.postgres.dbname), autocommit=True) as connection:
        for index in range(cities + 1):
            people = 1 if index == QUIET_CITY else each
            statement = _PEOPLE.format(schema=schema_of(index), slug=slug_of(index))
            connection.execute(statement.encode(), (people,))
    return app


def _make(index: int) -> None:
    schema.create(schema_of(index), [])
    row = {
        "languages": ["en"],
        "time_zone": "Europe/Paris",
        "currency": "EUR",
        "tagline": {},
        "hero": "skyline",
    }
    db.session.add(
        CityRecord(
            id=city_id(index),
            slug=slug_of(index),
            name=f"City {index}",
            state=CityState.LIVE,
            published=True,
            brand="#14387f",
            contact_email="hello@city.example",
            created_at=now(),
            **row,
        )
    )
    db.session.flush()
    db.session.add(Quota(city_id=city_id(index), resource=Resource.MAILS, most=MOST_MAILS))


def _workers(folder: Path, environment: dict[str, str]) -> list[Child]:
    _web, first, beat = processes(folder, {**os.environ, **environment}, 8000)
    second = Child(
        "worker-2", _renamed(first.command), first.env, folder / "worker-2.log", first.stops, first.orphaned
    )
    return [beat, first, second]


def _renamed(command: Sequence[str]) -> list[str]:
    """Return the command of a second worker: two of one name would answer for each other."""
    named = list(command)
    named[named.index("-n") + 1] = "second@%h"
    return named


def _announce(storm: Storm) -> None:
    for index in range(1, storm.cities + 1):
        with inside(storm.app, slug_of(index)):
            notify(KIND, everybody(), "storm", title=WORDS["title"], message=WORDS["message"])


def _watch(storm: Storm, known: int) -> list[float]:
    """Kill a worker three times while the storm goes on, and send a receipt of the quiet city every second."""
    receipts: list[float] = []
    over = threading.Event()
    asking = threading.Thread(target=_ask_for_receipts, args=(storm, receipts, over), daemon=True)
    asking.start()
    kills = list(KILLS)
    arrived, moved = 0, time.monotonic()
    while arrived < storm.total:
        time.sleep(1)
        number = storm.office.number() - known - len(receipts)
        moved = time.monotonic() if number != arrived else moved
        arrived = number
        say(f"{arrived} of {storm.total}")
        if kills and arrived >= kills[0] * storm.total:
            kills.pop(0)
            _kill(storm.workers[0])
        if time.monotonic() - moved > 300:
            say("nothing has arrived for five minutes")
            break
    # What a killed worker had in its hands may still come a second time.
    time.sleep(20)
    over.set()
    asking.join()
    return receipts


def _kill(worker: Child) -> None:
    say("a worker is killed")
    if worker.process is not None:
        worker.process.send_signal(signal.SIGKILL)
        worker.process.wait()
    worker.start()


def _ask_for_receipts(storm: Storm, receipts: list[float], over: threading.Event) -> None:
    number = 0
    while not over.wait(RECEIPT_EVERY):
        number += 1
        receipts.append(_receipt(storm, f"during-{number}"))


def _receipt(storm: Storm, cause: str) -> float:
    """Tell the one person of the quiet city something and return after how many seconds the mail was there."""
    title = f"Receipt {cause}"
    begun = time.time()
    with inside(storm.app, slug_of(QUIET_CITY)):
        person = db.session.scalars(select(Account.id)).one()
        notify(KIND, person, cause, title={"en": title}, message={"en": "Kept."})
    return (
        _until(lambda: next((one.at for one in storm.office.taken() if one.subject == title), None)) - begun
    )


def _until(find: Callable[[], float | None]) -> float:
    end = time.monotonic() + 600
    while time.monotonic() < end:
        found = find()
        if found is not None:
            return found
        time.sleep(0.02)
    return float("inf")


def _floor(storm: Storm) -> float:
    """Return how many mails a second one bare connection hands over."""
    mail = Mail(
        "floor@example.org", "City", "no-reply@example.org", "Floor", "Text\n" * 20, "<p>Text</p>" * 20, "en"
    )
    number = min(storm.total, 2000)
    with smtplib.SMTP("127.0.0.1", storm.office.port) as server:
        begun = time.perf_counter()
        for _each in range(number):
            server.send_message(as_message(mail))
        return number / (time.perf_counter() - begun)


def _times(found: Sequence[float]) -> str:
    if len(found) < 2:
        return "–"
    ordered = sorted(found)
    p95 = ordered[int(len(ordered) * 0.95)]
    return f"{statistics.median(ordered):.2f}, {p95:.2f}, {ordered[-1]:.2f}"


if __name__ == "__main__":
    main()
