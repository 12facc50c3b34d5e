"""What a web process and its connections to PostgreSQL keep of the cities that they have served.

With and without the bound on the cities of a connection, beside django-tenants; and what the bound costs in time.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from benchmarks import cities, measuring, routing
from benchmarks.measuring import Sample, progress
from benchmarks.peer import tenants
from benchmarks.runner import Runner, private_memory
from benchmarks.servers import Servers, servers

BOUNDS = {"Parvis, 300 cities a connection": "300", "Parvis, without bound": "1000000000"}
PAGES = ("/", routing.PAGES["eight queries"])
AT_ONCE = 50
AGAIN = 400


@dataclass
class Kept:
    """What one variant kept, in bytes, and how long its pages took when every city had been visited."""

    runner: Runner
    process: list[int] = field(default_factory=list)
    backends: list[int] = field(default_factory=list)
    again: Sample = field(default_factory=Sample)

    def note(self, found: Servers, name: str) -> None:
        """Look at the process and at its backends."""
        self.process.append(self.runner.memory())
        self.backends.append(sum(private_memory(pid) for pid in _backends(found, name)))


def _backends(found: Servers, name: str) -> list[int]:
    asked = f"SELECT pid FROM pg_stat_activity WHERE application_name = '{name}'"
    return [int(line) for line in found.postgres.psql(asked).split()]


def _visit(kept: Kept, hosts: routing.Hosts) -> None:
    for path in PAGES:
        kept.runner.ask(path, hosts)


def measure(found: Servers, started: dict[str, Kept], number: int) -> Iterator[str]:
    """Visit all cities with every variant; yields the table."""
    everybody = [(tenants.host_of(index), tenants.name_of(index)) for index in range(number)]
    for name, kept in started.items():
        _visit(kept, everybody[:1] * 5)
        kept.note(found, name)
        for start in progress(
            range(0, number, AT_ONCE), -(-number // AT_ONCE), f"{name}, {AT_ONCE} cities at a time"
        ):
            _visit(kept, everybody[start : start + AT_ONCE])
            kept.note(found, name)
    names = list(started)
    for _round in progress(range(AGAIN // 20), AGAIN // 20, "again, in random order"):
        random.shuffle(names)
        for name in names:
            path = routing.PAGES["eight queries"]
            started[name].again.add(started[name].runner.ask(path, random.choices(everybody, k=20)))
    head = (
        "",
        "process, 1 city",
        f"process, {number}",
        "backend, 1 city",
        f"backend, {number}",
        "backend, at most",
        "eight queries, p10 µs",
        "p50 µs",
    )
    yield measuring.table(head, [_row(name, kept) for name, kept in started.items()])


def _bound(known: tuple[str, dict[str, str]], most: str) -> tuple[str, dict[str, str]]:
    return known[0], {**known[1], "CITIES_PER_CONNECTION": most}


def _row(name: str, kept: Kept) -> tuple[str, ...]:
    sizes = (kept.process[0], kept.process[-1], kept.backends[0], kept.backends[-1], max(kept.backends))
    times = (measuring.micro(kept.again.percentile(share)) for share in (10, 50))
    return (name, *(f"{size / 2**20:.0f} MB" for size in sizes), *times)


def main() -> None:
    """Measure and print."""
    options = measuring.sized(measuring.parser(__doc__ or "").parse_args())
    with servers() as found:
        peer = tenants.prepare(found, services=1)
        tenants.make(found, options.cities, services=1)
        cities.make(cities.prepare(found), found, options.cities)
        for database in (found.postgres.dbname, tenants.DATABASE):
            found.postgres.psql("VACUUM ANALYZE", database)
        print(measuring.machine(found.postgres.programs.version), "\n")
        known = routing.environments(found, peer)
        wanted = {
            routing.PARVIS: known[routing.PARVIS],
            **{name: _bound(known[routing.PARVIS], most) for name, most in BOUNDS.items()},
            routing.TUNED: known[routing.TUNED],
        }
        named = {n: (where, {**environment, "PGAPPNAME": n}) for n, (where, environment) in wanted.items()}
        with routing.running(named) as runners:
            started = {name: Kept(runner) for name, runner in runners.items()}
            for text in measure(found, started, options.cities):
                print(text)


if __name__ == "__main__":
    main()
