"""One more city, beside 10, 100, 1,000 and 5,000 that are there: made, a module switched on, dropped.

The baseline of the same run is a tenant of django-tenants with as many services, made by its own migrations. The
time of the server's processor is read from /proc, as the wall clock of a busy machine says little.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask

from benchmarks import bare, cities
from benchmarks.measuring import machine, parser, say, sized, table
from benchmarks.peer import tenants as peer
from benchmarks.servers import Servers, servers
from tenants import owner, schema
from tenants.migrate import plan, replay
from tenants.owner import Raw

SIZES = (10, 100, 1000, 5000)
SMALL_SIZES = (10, 50)
USED = ("news", "participatory_budget", "service00")
MORE = "service01"
PEER_TRIES = 3


@dataclass
class Taken:
    """What one kind of work took each time: wall seconds, and seconds of the server's processor."""

    wall: list[float] = field(default_factory=list)
    server: list[float] = field(default_factory=list)

    def cells(self) -> tuple[str, str, str]:
        """Return the least disturbed decile, the median, and the server's processor time in ms."""
        server = f"{statistics.median(self.server) * 1e3:.1f}" if self.server else "–"
        low = sorted(self.wall)[len(self.wall) // 10]
        return (f"{low * 1e3:.1f}", f"{statistics.median(self.wall) * 1e3:.1f}", server)


def main() -> None:
    """Measure and print the table."""
    made = parser(__doc__ or "", rounds=20)
    made.add_argument(
        "--sizes", default=",".join(map(str, SIZES)), help="how many cities there are at each step"
    )
    made.add_argument(
        "--peer-most", type=int, default=1000, help="the largest step that the peer takes part in"
    )
    given = made.parse_args()
    options = sized(given)
    sizes = SMALL_SIZES if options.small else tuple(int(size) for size in given.sizes.split(","))
    with servers() as started:
        app = cities.prepare(started)
        environment = peer.prepare(started, services=len(USED))
        rows: list[Sequence[str]] = []
        have = 0
        for size in sizes:
            bare.make(app, range(have, size), USED)
            have = size
            say(f"{size} cities: {options.rounds} more, made and dropped again")
            rows += [(str(size), what, *taken.cells()) for what, taken in _ours(app, options.rounds).items()]
            if size <= given.peer_most:
                peer.make(started, size, services=len(USED))
                say(f"{size} tenants: {PEER_TRIES} more by the peer's own migrations")
                rows.append((str(size), "django-tenants: tenant made", *_theirs(environment, size).cells()))
        print(machine(started.postgres.programs.version))
        print(f"\n{_catalogs(started)}\n")
        print(table(("cities", "", "p10 ms", "p50 ms", "server's CPU ms"), rows))


def _ours(app: Flask, rounds: int) -> dict[str, Taken]:
    """Make cities, switch a module on in each, drop them; numbered where no other city is."""
    found = {
        "city with three modules, one round trip": Taken(),
        "the same with connecting": Taken(),
        "module switched on": Taken(),
        "city dropped": Taken(),
    }
    alone, connected, switched, dropped = found.values()
    web = str(app.config["PARVIS"].web_database.username)
    with app.app_context(), owner.connect(owner.address()) as connection:
        ends = plan.heads(plan.owners_of(USED))
        for number in range(rounds):
            one, other = f"c_one{number:04}", f"c_other{number:04}"
            _time(alone, connection, lambda name=one: replay.create(connection, name, web, ends))
            _time(connected, None, lambda name=other: schema.create(name, USED))
            manner = replay.Manner(add=(MORE,))
            _time(switched, connection, lambda name=one, how=manner: replay.upgrade(connection, name, how))
            for name in (one, other):
                _time(dropped, None, lambda name=name: schema.drop(name))
    return found


def _theirs(environment: dict[str, str], size: int) -> Taken:
    """Make tenants as the peer's users do, less the start of a command that does nothing."""
    found, start = Taken(), time.perf_counter()
    peer.manage(environment, "check")
    nothing = time.perf_counter() - start
    for number in range(PEER_TRIES):
        name = f"more{size}x{number}"
        words = (f"--schema_name={name}", f"--name={name}", f"--domain-domain={name}.localhost")
        began = time.perf_counter()
        peer.manage(environment, "create_tenant", *words, "--domain-is_primary=True", "--noinput")
        found.wall.append(time.perf_counter() - began - nothing)
    return found


def _time(taken: Taken, connection: Raw | None, work: Callable[[], object]) -> None:
    before = _processor(connection)
    began = time.perf_counter()
    work()
    taken.wall.append(time.perf_counter() - began)
    after = _processor(connection)
    if before is not None and after is not None:
        taken.server.append(after - before)


def _processor(connection: Raw | None) -> float | None:
    """Return the seconds that the connection's server process has run; None where the system does not say."""
    if connection is None:
        return None
    file = Path(f"/proc/{connection.info.backend_pid}/schedstat")
    return int(file.read_text().split()[0]) / 1e9 if file.exists() else None


def _catalogs(started: Servers) -> str:
    """Return how large the database and its catalogs have become."""
    facts = started.postgres.psql(
        "SELECT (SELECT count(*) FROM pg_class), pg_size_pretty(pg_database_size(current_database())),"
        " pg_size_pretty(sum(pg_total_relation_size(oid))) FROM pg_class WHERE relnamespace = 'pg_catalog'::regnamespace",
        started.postgres.dbname,
    )
    relations, whole, catalogs = facts.split("|")
    return f"At the end: {relations} relations, database {whole}, of which catalogs {catalogs}."


if __name__ == "__main__":
    main()
