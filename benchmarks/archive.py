"""A city with 100,000 residents among many others: exported, verified, restored, copied, erased.

The baselines of the same run are `pg_dump -n` of the very schema, into the file and read back by `pg_restore` into an
empty database, and a bare DROP SCHEMA. The archive of the restored city is compared with the first, byte for byte.
Memory is this process's own, the client's: its peak while the work goes on, above what it had before.
"""

import argparse
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from flask import Flask

from app.core.clock import now
from app.core.db import db, end_transaction
from benchmarks import bare, cities
from benchmarks.measuring import machine, parser, say, sized, table
from benchmarks.servers import Servers, servers
from devstack.services.binaries import postgres_home
from tenants import owner, schema
from tenants.archive.copying import copy
from tenants.archive.export import export
from tenants.archive.opened import opened
from tenants.archive.restore import restore
from tenants.erasure.erase import erase
from tenants.models import CityRecord, CityState

USED = ("news", "participatory_budget", "service00")
RESIDENTS, SMALL_RESIDENTS = 100_000, 2_000
FILES, SMALL_FILES = 500, 20
FILE_BYTES = 150_000
BALLOT_SHARE = 2
_FILL = """
INSERT INTO account (id, email, name, password_hash, language, role, confirmed_at, created_at)
  SELECT gen_random_uuid(), 'person' || n || '@example.org', 'Person ' || n,
         '$argon2id$v=19$m=19456,t=2,p=1$' || md5(n::text) || '$' || md5('p' || n), 'en', 'resident', now(), now()
  FROM generate_series(1, {residents}) n;
INSERT INTO audit_entry (id, at, action, subject, actor_kind, actor_id, actor_name, details)
  SELECT gen_random_uuid(), now(), 'accounts.signed_in', 'account:' || id, 'resident', id::text, name, '{{}}' FROM account;
INSERT INTO participatory_budget_edition (id, slug, stage, title, summary, description, result_note, source, ballot_type,
    budget, currency, method, tie_break, min_votes, sealed_at, imported, version, created_at)
  VALUES ('0190163d-8694-739b-aea5-966c26f8ad90', '2026', 'results', '{{}}', '{{}}', '{{}}', '{{}}', '{{}}', 'approval',
    1, 'EUR', 'greedy_skip', 'cheaper_first', 1, now(), false, 1, now());
INSERT INTO participatory_budget_roll
  SELECT '0190163d-8694-739b-aea5-966c26f8ad90', sha256(id::text::bytea) FROM account LIMIT {ballots};
INSERT INTO participatory_budget_sealed_ballot
  SELECT '0190163d-8694-739b-aea5-966c26f8ad90', n, decode(lpad(to_hex(n), 20, '0'), 'hex')
  FROM generate_series(1, {ballots}) n;
INSERT INTO participatory_budget_sealed_receipt
  SELECT '0190163d-8694-739b-aea5-966c26f8ad90', sha256(('leaf' || n)::bytea) FROM generate_series(1, {ballots}) n;
INSERT INTO news_article (id, status, title, summary, body, picture_alt, author_id, published_at, created_at, updated_at,
    version)
  SELECT gen_random_uuid(), 'published', jsonb_build_object('en', 'Article ' || n), '{{}}',
         jsonb_build_object('en', repeat('Lorem ipsum dolor sit amet. ', 80)), '{{}}', '', now(), now(), now(), 1
  FROM generate_series(1, {residents} / 100) n
"""


@dataclass
class Taken:
    """What one kind of work took each time, and how much memory it needed at most, in bytes."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    memory: int = 0


@dataclass
class Run:
    """One measurement: the application, its servers, the large city and what was found."""

    app: Flask
    started: Servers
    city: str
    found: dict[str, Taken] = field(default_factory=dict)

    def measure(self, what: str, work: Callable[[], object]) -> None:
        """Do one kind of work once more and keep what it took."""
        say(what)
        taken = self.found.setdefault(what, Taken())
        before = _reset_peak()
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        taken.wall.append(time.perf_counter() - wall)
        taken.cpu.append(time.process_time() - cpu)
        taken.memory = max(taken.memory, _memory("VmHWM") - before)


def main() -> None:
    """Measure and print the table."""
    made = parser(__doc__ or "", cities=1000, rounds=3)
    made.add_argument("--residents", type=int, default=RESIDENTS, help="how many people the city has")
    made.add_argument("--files", type=int, default=FILES, help=f"how many pictures of {FILE_BYTES} bytes")
    given = made.parse_args()
    options = sized(given)
    if options.small:
        given.residents, given.files = SMALL_RESIDENTS, SMALL_FILES
    with servers() as started:
        app = cities.prepare(started)
        bare.make(app, range(options.cities), USED)
        run = Run(app, started, cities.city_id(0))
        _fill(run, given)
        for _round in range(options.rounds):
            _once(run)
        print(machine(started.postgres.programs.version))
        people, pictures = f"{given.residents:,} residents", f"{given.files} pictures"
        size = (started.folder / "first.zip").stat().st_size / 1e6
        print(f"\n{options.cities} cities, one with {people} and {pictures}; archive {size:.0f} MB\n")
        print(table(("", "best s", "median s", "this process's CPU s", "memory MB"), _rows(run.found)))


def _once(run: Run) -> None:
    """Do everything once, the baselines between."""
    first, again = run.started.folder / "first.zip", run.started.folder / "again.zip"
    run.measure("export", lambda: _export(run, run.city, first))
    run.measure("pg_dump -n of the same schema (no files)", lambda: _dump(run))
    run.measure("verify", lambda: _verify(first))
    made: list[str] = []
    run.measure("restore", lambda: made.append(_restore(run, first)))
    run.measure("pg_restore into an empty database (no files)", lambda: _undump(run))
    _export(run, made[0], again)
    # The address of the city is in the manifest and the sums alone.
    assert _tables(first) == _tables(again), "the restored city exports other rows"
    run.measure("copy for training, people replaced", lambda: made.append(_copy(run)))
    run.measure("erase, other cities searched", lambda: _erase(run, made[0], everywhere=True))
    run.measure("erase, other cities not searched", lambda: _erase(run, made[1], everywhere=False))
    third = _restore(run, first)
    run.measure("DROP SCHEMA … CASCADE alone", lambda: _drop(run, third))
    with run.app.app_context():
        db.session.delete(db.session.get_one(CityRecord, third))
        end_transaction(keep=True)


def _fill(run: Run, given: argparse.Namespace) -> None:
    say(f"{given.residents} residents")
    values = {"residents": given.residents, "ballots": given.residents // BALLOT_SHARE}
    with run.app.app_context(), owner.connect(owner.address()) as connection:
        connection.execute(f'SET search_path TO "c_{run.city}", shared'.encode())
        for statement in _FILL.format(**values).split(";\n"):
            connection.execute(statement.encode())
        connection.execute(b"ANALYZE")
        folder = run.app.config["PARVIS"].files_dir / run.city
        folder.mkdir(parents=True)
        for number in range(given.files):
            (folder / f"{number:040x}.webp").write_bytes(number.to_bytes(4, "big") * (FILE_BYTES // 4))


def _export(run: Run, city_id: str, path: Path) -> None:
    with run.app.app_context(), path.open("w+b") as out:
        export(city_id, out)


def _verify(path: Path) -> None:
    with opened(path) as archive:
        archive.verify()


def _restore(run: Run, path: Path) -> str:
    with run.app.app_context():
        made = restore(path, address=f"restored-{time.monotonic_ns() % 10**9}x")
        end_transaction(keep=True)
        return made.id


def _copy(run: Run) -> str:
    with run.app.test_request_context():
        made = copy(run.city, address=f"copied-{time.monotonic_ns() % 10**9}x")
        end_transaction(keep=True)
        return made.id


def _erase(run: Run, city_id: str, *, everywhere: bool) -> None:
    with run.app.app_context():
        record = db.session.get_one(CityRecord, city_id)
        record.state, record.erase_at = CityState.ERASING, now() - timedelta(days=1)
        end_transaction(keep=True)
        erase(city_id, everywhere=everywhere)
        end_transaction(keep=True)


def _drop(run: Run, city_id: str) -> None:
    with run.app.app_context():
        schema.drop(f"c_{city_id}")


def _dump(run: Run) -> None:
    target = ["-f", str(run.started.folder / "schema.dump")]
    _program("pg_dump", "-n", f"c_{run.city}", "-Fc", "-Z0", *target, "-d", _address(run))


def _undump(run: Run) -> None:
    with run.app.app_context(), owner.connect(owner.address()) as connection:
        connection.execute(b"DROP DATABASE IF EXISTS emptied")
        connection.execute(b"CREATE DATABASE emptied TEMPLATE template0")
    _program("pg_restore", "-d", run.started.plain_url("emptied"), str(run.started.folder / "schema.dump"))


def _address(run: Run) -> str:
    return run.started.plain_url(run.started.postgres.dbname)


def _program(name: str, *words: str) -> None:
    subprocess.run([postgres_home()[0] / "bin" / name, *words], check=True)


def _tables(path: Path) -> dict[str, str]:
    """Return the checksums of what is the same whatever the address of the city."""
    with opened(path) as archive:
        sums = archive.manifest.members
        return {name: told.sha256 for name, told in sums.items() if name != "README.md"}


def _reset_peak() -> int:
    """Let the kernel forget the peak of this process's memory and return what it has now, in bytes."""
    Path("/proc/self/clear_refs").write_text("5")
    return _memory("VmRSS")


def _memory(which: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{which}:"))


def _rows(found: dict[str, Taken]) -> list[Sequence[object]]:
    return [
        (
            what,
            f"{min(taken.wall):.2f}",
            f"{sorted(taken.wall)[len(taken.wall) // 2]:.2f}",
            f"{min(taken.cpu):.2f}",
            f"{taken.memory / 1e6:.0f}",
        )
        for what, taken in found.items()
    ]


if __name__ == "__main__":
    main()
