"""The same column added to every city: `parvis migrate`, beside `migrate_schemas` of django-tenants.

Both are run as an operator runs them, as a process of its own, start included. The peer's database has as many
tenants, but only the first `--peer-cities` are registered, as each takes it a second or more; its time for a city
depends on how many schemas there are, not on how many it migrates.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg
from flask import Flask

from benchmarks import bare, cities
from benchmarks.measuring import machine, parser, say, sized, table
from benchmarks.peer import tenants as peer
from benchmarks.servers import Servers, servers
from benchmarks.services import NAMES
from devstack.checkout import ROOT

WORKERS = (1, 2, 4)
FAILING = 537
OURS = """
import sqlalchemy as sa
from alembic import op

revision = "service00_{number:04}"
down_revision = "service00_{before:04}"


def upgrade():
    op.add_column("service00_table0", sa.Column("extra{number}", sa.String(40)))
"""
THEIRS = """
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("service00", "{before}")]
    operations = [migrations.AddField("table0", "extra{number}", models.CharField(max_length=40, null=True))]
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One way to do it: seconds for so many cities."""

    what: str
    number: int
    seconds: float

    def cells(self, ours: float) -> tuple[str, str, str, str, str]:
        """Return the line of the table; `ours` is what one city takes us."""
        each = self.seconds / self.number
        return (
            self.what,
            str(self.number),
            f"{self.seconds:.2f}",
            f"{each * 1e3:.2f}",
            f"{each / ours:,.1f}",
        )


class Parvis:
    """Our side: cities with as many services as the peer's."""

    def __init__(self, started: Servers, number: int, services: int) -> None:
        self.folder = started.folder / "modules" / NAMES[0] / "migrations"
        self.revision = 1
        self.app: Flask = cities.prepare(started)
        self.environment = {
            **os.environ,
            **started.environment,
            "PYTHONPATH": os.pathsep.join((str(started.folder / "modules"), str(ROOT))),
        }
        bare.make(self.app, range(number), NAMES[:services])

    def add_column(self) -> None:
        """Write the next revision."""
        self.revision += 1
        text = OURS.format(number=self.revision, before=self.revision - 1)
        (self.folder / f"{self.revision:04}_extra.py").write_text(text)

    def migrate(self, *words: str) -> tuple[float, dict[str, object]]:
        """Run the command; returns how long it took with all and what it said."""
        began = time.perf_counter()
        command = [sys.executable, "-m", "app.cli", "migrate", "--json", *words]
        done = subprocess.run(command, env=self.environment, stdout=subprocess.PIPE, text=True, check=False)
        seconds = time.perf_counter() - began
        report: dict[str, object] = json.loads(done.stdout)
        return seconds, report


def main() -> None:
    """Measure and print the tables."""
    made = parser(__doc__ or "", rounds=3)
    made.add_argument(
        "--services", type=int, default=12, help="services with five tables each, on both sides (12)"
    )
    made.add_argument("--peer-cities", type=int, default=30, help="how many tenants the peer migrates (30)")
    given = made.parse_args()
    options = sized(given)
    with servers() as started:
        parvis = Parvis(started, options.cities, given.services)
        lines = ours(parvis, options.cities, options.rounds)
        best = min((line for line in lines if line.what.startswith("column")), key=lambda line: line.seconds)
        failure = failing(parvis, options.cities)
        lines += theirs(started, options.cities, min(given.peer_cities, options.cities), given.services)
        print(machine(started.postgres.programs.version))
        print(
            f"\n{options.cities} cities in each database, {given.services * 5} tables of services in each city\n"
        )
        heads = ("", "cities", "seconds", "ms a city", "× best of ours")
        print(table(heads, [line.cells(best.seconds / best.number) for line in lines]))
        print(f"\n{failure}")


def ours(parvis: Parvis, number: int, rounds: int) -> list[Line]:
    """Measure our command with several numbers of workers, then with nothing to do."""
    wall: dict[str, list[float]] = {}
    for _round in range(rounds):
        for workers in WORKERS:
            parvis.add_column()
            seconds, report = parvis.migrate("--workers", str(workers))
            if report["migrated"] != number:
                raise SystemExit(f"not all were migrated: {report}")
            wall.setdefault(f"column, parvis migrate, {workers} at a time", []).append(seconds)
            wall.setdefault(f"the same without the start of Python, {workers} at a time", []).append(
                float(str(report["seconds"]))
            )
        seconds, report = parvis.migrate()
        wall.setdefault("nothing to do, parvis migrate", []).append(seconds)
        wall.setdefault("the same without the start of Python, nothing to do", []).append(
            float(str(report["seconds"]))
        )
    return [Line(what, number, statistics.median(times)) for what, times in wall.items()]


def failing(parvis: Parvis, number: int) -> str:
    """Let one city fail, mend it, and say what each run did."""
    victim = cities.schema_of(min(FAILING, number - 1))
    url = parvis.environment["DATABASE_URL"].replace("+psycopg", "")
    parvis.add_column()
    column = f'"{victim}".service00_table0'
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"ALTER TABLE {column} ADD COLUMN extra{parvis.revision} integer".encode())
        first, said = parvis.migrate()
        connection.execute(f"ALTER TABLE {column} DROP COLUMN extra{parvis.revision}".encode())
    second, again = parvis.migrate()
    failed = said["failed"]
    return (
        f"With {victim} failing: {said['migrated']} migrated, {len(failed) if isinstance(failed, list) else '?'} failed"
        f" in {first:.2f} s; mended and run again: {again['migrated']} migrated in {second:.2f} s, start included."
    )


def theirs(started: Servers, number: int, registered: int, services: int) -> list[Line]:
    """Measure the peer's command in its two executors, then with nothing to do."""
    environment = peer.prepare(started, services=services)
    peer.make(started, number, services=services)
    with psycopg.connect(started.plain_url(peer.DATABASE), autocommit=True) as connection:
        kept = f"schema_name < '{peer.schema_of(registered)}'"
        connection.execute(
            f"DELETE FROM customers_domain WHERE tenant_id IN (SELECT id FROM customers_client WHERE NOT {kept})".encode()
        )
        connection.execute(f"DELETE FROM customers_client WHERE NOT {kept}".encode())
        connection.execute("VACUUM ANALYZE")
    folder = started.folder / "apps" / NAMES[0] / "migrations"
    lines = []
    for turn, executor in enumerate(("standard", "multiprocessing"), 2):
        _their_column(folder, turn)
        for what in ("column", "nothing to do"):
            say(f"peer: {what}, {executor}, {registered} of {number} tenants")
            began = time.perf_counter()
            peer.manage(environment, "migrate_schemas", "--tenant", f"--executor={executor}")
            lines.append(Line(f"{what}, django-tenants, {executor}", registered, time.perf_counter() - began))
    return lines


def _their_column(folder: Path, number: int) -> None:
    before = "0001_initial" if number == 2 else f"{number - 1:04}_extra"
    (folder / f"{number:04}_extra.py").write_text(THEIRS.format(number=number, before=before))


if __name__ == "__main__":
    main()
