"""The last minutes of a vote: everybody confirms at once, while a web process and a worker are killed.

Each voter looks at a paper of 300 projects or comes back to it, chooses, and looks at what she is about to confirm; then
all of them confirm. What was acknowledged is compared with the box, ballot by ballot, and with the roll. The floor is
pgbench with the two rows of a ballot, in the same run, on the same server.
"""

import argparse
import asyncio
import os
import random
import re
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import psycopg
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import Account
from app.core import config
from app.core.clock import now
from app.core.db import db, end_transaction
from app.core.ids import new_secret, secret_hash
from app.core.quotas import Resource
from app.factory import create_app
from benchmarks.measuring import Sample, machine, say, table
from benchmarks.servers import Servers, servers
from benchmarks.visitors import Connection, Times, Visitor, cookies, visit
from devstack.child import Child
from devstack.probe import page_status
from devstack.product import processes
from devstack.services.process import free_port
from modules.participatory_budget.models import Ballot, Edition, RollEntry
from modules.participatory_budget.services import drafts, editions, projects
from modules.participatory_budget.services.voters import by_account
from tenants import resolve, schema, setup, toggles
from tenants.inside import inside
from tenants.models import CityRecord, CityState, Quota

SLUG, EDITION, BASE = "rush", "2026", "parvis.localhost"
CITY = "benchrush0"
SCHEMA = f"c_{CITY}"
PROJECTS, CHOICES = 300, 5
CONNECTIONS = 16
PAGES = f"/participatory-budget/{EDITION}"
MANY = 10**9
FLOOR_SECONDS = 8
_FLOOR = r"""
BEGIN;
INSERT INTO floor_roll VALUES (gen_random_uuid()) ON CONFLICT DO NOTHING;
INSERT INTO floor_ballot VALUES (gen_random_uuid(), 1, '\x0102030405', '\xffffffffffffffff') ON CONFLICT DO NOTHING;
COMMIT;
"""
_FLOOR_TABLES = """
CREATE TABLE floor_roll (voter uuid PRIMARY KEY);
CREATE TABLE floor_ballot (slot uuid PRIMARY KEY, version integer, choices bytea, leaf bytea);
CREATE INDEX ON floor_ballot (leaf);
"""


@dataclass
class Rush:
    """What runs, who votes, and what came of it."""

    app: Flask
    started: Servers
    port: int
    children: list[Child]
    visitors: list[Visitor]
    times: Times = field(default_factory=Times)
    confirmed: set[int] = field(default_factory=set)
    refused: int = 0


def main() -> None:
    """Let everybody vote and print how it went."""
    given = _options()
    with servers() as started:
        port = free_port()
        environment = {**started.environment, "PORT": str(port), "PUBLIC_SCHEME": "http"}
        os.environ.update(environment)
        app = prepare(config.read(environment))
        keys = list(people(started, given.voters))
        children = processes(started.folder, {**os.environ, **environment}, port)
        for child in children:
            child.start()
        try:
            _wait(port)
            rush = Rush(app, started, port, children, cookies(app, CITY, keys))
            asyncio.run(_vote(rush, given))
        finally:
            for child in children:
                child.ask_to_stop()
            for child in children:
                child.stop()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--voters", type=int, default=9000, help="how many people vote (9000)")
    parser.add_argument(
        "--look", type=int, default=400, help="how many of them look at the whole paper before (400)"
    )
    parser.add_argument("--calm", action="store_true", help="kill nothing")
    return parser.parse_args()


def prepare(settings: config.Config) -> Flask:
    """Make a city with an open vote of 300 projects."""
    app = create_app(settings)
    with app.app_context():
        setup.prepare(lambda _line: None)
        schema.create(SCHEMA, [])
        db.session.add(
            CityRecord(
                id=CITY,
                slug=SLUG,
                name="Rush",
                state=CityState.LIVE,
                published=True,
                languages=["en"],
                time_zone="Europe/Budapest",
                currency="EUR",
                tagline={},
                hero="skyline",
                brand="#14387f",
                contact_email="hello@rush.example",
                created_at=now(),
            )
        )
        db.session.flush()
        for resource in (Resource.REQUESTS, Resource.MAILS, Resource.ACCOUNTS):
            db.session.add(Quota(city_id=CITY, resource=resource, most=MANY))
        resolve.change()
        end_transaction(keep=True)
    with inside(app, SLUG) as city:
        toggles.switch_on(city, ["participatory_budget"])
    with inside(app, SLUG):
        _open_vote()
    return app


def _open_vote() -> None:
    edition = editions.create(EDITION, {"en": "Budget 2026"})
    edition.summary, edition.budget = {"en": "You decide."}, 3_000_000_00
    edition.max_choices = CHOICES
    edition.opens_at, edition.closes_at = now(), now() + timedelta(days=10)
    for number in range(1, PROJECTS + 1):
        texts = projects.ProjectTexts(
            title={"en": f"Project {number}"},
            summary={"en": f"What project {number} is good for, in a sentence of usual length."},
            cost=(number % 29 + 1) * 10_000_00,
        )
        projects.add(edition.id, texts)
    editions.show(edition.id)
    editions.fix_ballot(edition.id)


def people(started: Servers, number: int) -> Iterator[str]:
    """Enter people with a browser each, and yield the secrets of their sessions."""
    with psycopg.connect(started.plain_url(started.postgres.dbname), autocommit=True) as connection:
        connection.execute(
            f'INSERT INTO "{SCHEMA}".account (id, email, name, language, role, confirmed_at, created_at)'
            " SELECT gen_random_uuid(), 'p' || n || '@rush.example', 'Person ' || n, 'en', 'resident', now(), now()"
            f" FROM generate_series(1, {number}) n".encode()
        )
        people = connection.execute(f'SELECT id FROM "{SCHEMA}".account ORDER BY email'.encode()).fetchall()
        columns = "secret_hash, account_id, created_at, seen_at, proved_at, browser, way, strong, provider"
        moment = now()
        with connection.cursor().copy(
            f'COPY "{SCHEMA}".account_session ({columns}) FROM STDIN'.encode()
        ) as copy:
            for row in people:
                secret = new_secret()
                copy.write_row((secret_hash(secret), row[0], moment, moment, moment, "", "link", False, ""))
                yield secret
        connection.execute(f'ANALYZE "{SCHEMA}".account, "{SCHEMA}".account_session'.encode())


def _wait(port: int) -> None:
    for _second in range(600):
        if page_status(port, BASE, "/healthz") == 200:
            return
        asyncio.run(asyncio.sleep(0.1))
    raise SystemExit("the web server did not start")


async def _vote(rush: Rush, given: argparse.Namespace) -> None:
    host = f"{SLUG}.{BASE}"
    connections = [Connection(host, rush.port, rush.times) for _ in range(CONNECTIONS)]
    say("some look at the paper")
    looking = await visit(rush.visitors[: given.look], connections, _look)
    say("everybody chooses and looks at the ballot")
    choosing = await visit(rush.visitors, connections, _choose)
    say("everybody confirms")
    before = _processor_time(rush)
    killing = asyncio.create_task(_kill(rush, given.voters)) if not given.calm else None
    took = await visit(rush.visitors, connections, lambda connection, one: _confirm(rush, connection, one))
    after = _processor_time(rush)
    spent = {name: after[name] - before.get(name, 0.0) for name in after}
    if killing is not None:
        await killing
    for connection in connections:
        connection.close()
    _report(rush, looking=looking, choosing=choosing, took=took, spent=spent)


async def _look(connection: Connection, visitor: Visitor) -> None:
    answer = await connection.get(visitor, "the paper, 300 projects", f"{PAGES}/vote")
    if answer.body.count(b"What project ") != PROJECTS:
        raise SystemExit(f"a wrong paper: {answer.body[:500]!r}")


async def _choose(connection: Connection, visitor: Visitor) -> None:
    """Choose, and keep what the page for confirming would send."""
    wanted = sorted(random.Random(visitor.number).sample(range(1, PROJECTS + 1), CHOICES))
    for number in wanted[:2]:
        form = {"project": number, "add": 1}
        answer = await connection.post(visitor, "choose", f"{PAGES}/vote/choose", form)
        if answer.status != 303:
            raise SystemExit(f"not chosen: {answer.status} {answer.body[:500]!r}")
    answer = await connection.get(visitor, "check", f"{PAGES}/vote/check")
    fields = _fields(answer.body.decode())
    visitor.chosen = tuple(sorted(int(value) for name, value in fields if name == "project"))
    if visitor.chosen != tuple(wanted[:2]):
        raise SystemExit(f"a wrong ballot: {visitor.chosen}")
    visitor.sent = urlencode([*fields, ("csrf_token", visitor.token)]).encode()


def _fields(page: str) -> list[tuple[str, str]]:
    start = page.index('name="seen_version"')
    form = page[page.rindex("<form", 0, start) : page.index("</form>", start)]
    hidden = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return [(name, unescape(value)) for name, value in hidden if name != "csrf_token"]


async def _confirm(rush: Rush, connection: Connection, visitor: Visitor) -> None:
    answer = await connection.send(visitor, "confirm", f"{PAGES}/vote/check", visitor.sent)
    if answer.status == 303 and answer.location.endswith("/receipt"):
        rush.confirmed.add(visitor.number)
    else:
        rush.refused += 1


async def _kill(rush: Rush, total: int) -> None:
    """Kill the worker at a third and a web process at two thirds of all confirmations."""
    web, worker, _beat = rush.children
    while len(rush.confirmed) < total / 3:
        await asyncio.sleep(0.05)
    say("a worker is killed")
    if worker.process is not None:
        worker.process.send_signal(signal.SIGKILL)
        await asyncio.to_thread(worker.process.wait)
    worker.start()
    while len(rush.confirmed) < total * 2 / 3:
        await asyncio.sleep(0.05)
    say("a web process is killed")
    assert web.process is not None
    os.kill(_children(web.process.pid)[0], signal.SIGKILL)


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(one) for one in found]


def _processor_time(rush: Rush) -> dict[str, float]:
    """Return the seconds of processor time that each part has used so far, what it has started and ended included."""
    roots = {child.name: child.process for child in rush.children} | {
        "database": rush.started.postgres.process
    }
    found = {name: sum(map(_used, _family(process.pid))) for name, process in roots.items() if process}
    return found | {"visitors": _used(os.getpid())}


def _family(pid: int) -> list[int]:
    return [pid, *(grandchild for child in _children(pid) for grandchild in _family(child))]


def _used(pid: int) -> float:
    try:
        facts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    # User and system time, of the process and of its children that have ended (proc(5), fields 14 to 17).
    others = facts[11:15] if pid != os.getpid() else facts[11:13]
    return sum(int(ticks) for ticks in others) / os.sysconf("SC_CLK_TCK")


def _report(rush: Rush, *, looking: float, choosing: float, took: float, spent: dict[str, float]) -> None:
    ballots, roll, wrong, lost = _compare(rush)
    with psycopg.connect(rush.started.plain_url(rush.started.postgres.dbname)) as connection:
        version = str(connection.info.server_version // 10000)
    floor = _floor(rush.started)
    rate = len(rush.confirmed) / took
    print(machine(version))
    rows = []
    for name, taken in rush.times.taken.items():
        sample = Sample(taken)
        shown = (sample.percentile(share) * 1000 for share in (50, 95, 99))
        rows.append((name, len(taken), *(f"{value:.0f}" for value in shown), f"{max(taken) * 1000:.0f}"))
    print(table(("request", "number", "p50 ms", "p95 ms", "p99 ms", "slowest ms"), rows))
    print(
        table(
            ("what", "number"),
            [
                ("voters", len(rush.visitors)),
                ("confirmed", len(rush.confirmed)),
                ("refused", rush.refused),
                ("sent again after a lost connection or a busy server", rush.times.again),
                ("confirmed ballots a second", f"{rate:.0f}"),
                *(
                    (f"processor time for each, {name}, ms", f"{1000 * seconds / len(rush.confirmed):.1f}")
                    for name, seconds in spent.items()
                ),
                (
                    "papers of 300 projects a second",
                    f"{len(rush.times.taken['the paper, 300 projects']) / looking:.0f}",
                ),
                ("requests a second while choosing", f"{3 * len(rush.visitors) / choosing:.0f}"),
                ("pgbench, two rows, ballots a second", f"{floor:.0f}"),
                ("share of the floor", f"{rate / floor:.3f}"),
                ("ballots in the box", ballots),
                ("people on the roll", roll),
                ("acknowledged and not in the box", lost),
                ("in the box with other choices", wrong),
            ],
        )
    )


def _compare(rush: Rush) -> tuple[int, int, int, int]:
    """Return how many ballots and voters there are, and how many acknowledged ballots are not what was sent."""
    chosen = {visitor.number: visitor.chosen for visitor in rush.visitors}
    lost = wrong = 0
    with inside(rush.app, SLUG):
        edition = db.session.scalars(select(Edition).where(Edition.slug == EDITION)).one()
        people = db.session.scalars(select(Account).order_by(Account.email)).all()
        for number, account in enumerate(people):
            mine = drafts.my_ballot(edition, by_account(edition, account))
            lost += number in rush.confirmed and mine.version == 0
            wrong += mine.version > 0 and tuple(mine.choices) != chosen[number]
        ballots, roll = (
            db.session.scalar(select(func.count()).select_from(kind)) or 0 for kind in (Ballot, RollEntry)
        )
    return ballots, roll, wrong, lost


def _floor(started: Servers) -> float:
    """Return how many transactions of two rows pgbench makes a second with as many connections."""
    url = started.plain_url(started.postgres.dbname)
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in _FLOOR_TABLES.strip().split("\n"):
            connection.execute(statement.encode())
    script = started.folder / "floor.sql"
    script.write_text(_FLOOR)
    script.chmod(0o644)
    program = started.postgres.programs.home / "bin" / "pgbench"
    command = [str(program), "-n", "-c", str(CONNECTIONS), "-j", "2", "-M", "prepared"]
    command += ["-T", str(FLOOR_SECONDS), "-f", str(script), url]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return float(re.findall(r"tps = ([0-9.]+)", said)[-1])


if __name__ == "__main__":
    main()
