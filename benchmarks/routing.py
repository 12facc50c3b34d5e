"""What it costs to find the right city: pages with one and with eight queries, and the home page.

Parvis against itself with a fixed schema and against django-tenants, in the process and over HTTP.
"""

import os
import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from benchmarks import cities, measuring
from benchmarks.http import Server
from benchmarks.peer import tenants
from benchmarks.runner import Runner
from benchmarks.servers import Servers, servers
from devstack.checkout import ROOT

PAGES = {
    "one query": "/service00/one",
    "eight queries": "/service00/eight",
    "eight queries, nothing drawn": "/service00/eight.txt",
    "home page": "/",
}
PARVIS, FIXED, DEFAULT, TUNED, KEPT = (
    "Parvis",
    "Parvis, fixed schema",
    "django-tenants",
    "django-tenants, tuned",
    "django-tenants, tuned, cached rows",
)
BATCH = 20
SECONDS, WARMING = 3.0, 2.0
HOSTS_IN_A_ROUND = 4000
Hosts = Sequence[tuple[str, str]]


def environments(found: Servers, peer: Mapping[str, str]) -> dict[str, tuple[str, dict[str, str]]]:
    """Return, by the name of each variant, where its application is and its environment."""
    path = os.pathsep.join((str(found.folder / "modules"), str(ROOT)))
    # One city alone may otherwise have most threads, but not all of them.
    ours = {**os.environ, **found.environment, "PYTHONPATH": path, "WEB_THREADS": "64"}
    peers = dict(peer)
    return {
        PARVIS: ("app.wsgi:app", ours),
        FIXED: ("benchmarks.fixed:app", {**ours, "FIXED_SLUG": cities.slug_of(0)}),
        DEFAULT: ("benchmarks.peer.wsgi:application", peers),
        TUNED: ("benchmarks.peer.wsgi:application", {**peers, "PEER_TUNED": "1"}),
        KEPT: ("benchmarks.peer.wsgi:application", {**peers, "PEER_TUNED": "1", "PEER_CACHED": "1"}),
    }


def variants_of(page: str) -> list[str]:
    """Return which variants are compared on a page."""
    return [PARVIS, FIXED, DEFAULT, TUNED, *((KEPT,) if page == "home page" else ())]


def hosts_for(variant: str, number: int, count: int) -> Hosts:
    """Return hosts in random order with the names of their cities; a fixed schema has one."""
    chosen = [0 if variant == FIXED else random.randrange(number) for _ in range(count)]
    return [(tenants.host_of(index), tenants.name_of(index)) for index in chosen]


@contextmanager
def running(found: Mapping[str, tuple[str, dict[str, str]]]) -> Iterator[dict[str, Runner]]:
    """Start every variant in a process of its own."""
    started = {name: Runner(application, environment) for name, (application, environment) in found.items()}
    try:
        yield started
    finally:
        for runner in started.values():
            runner.stop()


def in_process(runners: Mapping[str, Runner], number: int, rounds: int) -> Iterator[str]:
    """Yield a table for each page, measured inside the processes without a web server."""
    for page, path in PAGES.items():
        named = variants_of(page)
        for name in named:
            _visit_all(runners[name], path, 1 if name == FIXED else number)
        turns = {name: partial(_turn, runners[name], path, name, number) for name in named}
        found = measuring.rounds(turns, rounds, f"{page}, {number} cities")
        yield f"**{page}, {number} cities, in the process**\n\n{measuring.times(found, TUNED)}\n"


def _turn(runner: Runner, path: str, name: str, number: int) -> measuring.Sample:
    return runner.ask(path, hosts_for(name, number, BATCH))


def _visit_all(runner: Runner, path: str, number: int) -> None:
    """Visit every city once, so that what is kept is kept."""
    everybody = [(tenants.host_of(index), tenants.name_of(index)) for index in range(number)]
    for start in range(0, number, 100):
        runner.ask(path, everybody[start : start + 100])
    runner.ask(path, everybody[:1] * BATCH)


def over_http(
    found: Mapping[str, tuple[str, dict[str, str]]], number: int, rounds: int, seconds: float
) -> Iterator[str]:
    """Yield a table for each page, measured through gunicorn with two processes of four threads, as deployed."""
    started = {name: Server(*where) for name, where in found.items()}
    try:
        for page, path in PAGES.items():
            yield _over_http(started, page, Load(path, number, rounds, seconds))
    finally:
        for server in started.values():
            server.stop()


@dataclass(frozen=True, slots=True)
class Load:
    """What is asked for: a page of so many cities, in rounds of so many seconds."""

    path: str
    cities: int
    rounds: int
    seconds: float

    def on(self, name: str, server: Server, *, seconds: float | None = None) -> None:
        """Ask for the page for the time of one round."""
        server.load(self.path, hosts_for(name, self.cities, HOSTS_IN_A_ROUND), seconds or self.seconds)


def _over_http(started: Mapping[str, Server], page: str, load: Load) -> str:
    named = variants_of(page)
    order = list(named)
    for name in named:
        load.on(name, started[name], seconds=WARMING)
        started[name].forget()
    for _round in measuring.progress(range(load.rounds), load.rounds, f"{page} over HTTP"):
        random.shuffle(order)
        for name in order:
            load.on(name, started[name])
    base = started[TUNED].median_rate
    rows = [(name, *_figures(started[name], base)) for name in named]
    for name in named:
        started[name].forget()
    head = ("", "requests/s (median)", "(best)", "p50 ms", "p99 ms", f"× {TUNED}")
    return f"**{page}, {load.cities} cities, over HTTP**\n\n{measuring.table(head, rows)}\n"


def _figures(server: Server, base: float) -> tuple[str, ...]:
    times = (f"{server.times.percentile(share) * 1000:.1f}" for share in (50, 99))
    return (
        f"{server.median_rate:,.0f}",
        f"{server.best_rate:,.0f}",
        *times,
        f"{server.median_rate / base:.2f}",
    )


def main() -> None:
    """Measure and print."""
    options = measuring.sized(measuring.parser(__doc__ or "").parse_args())
    numbers = sorted({min(n, options.cities) for n in (1, 100, 1000, options.cities)})
    with servers() as found:
        peer = tenants.prepare(found, services=1)
        tenants.make(found, options.cities, services=1)
        app = cities.prepare(found)
        cities.make(app, found, options.cities)
        found.postgres.psql("VACUUM ANALYZE", "parvis")
        found.postgres.psql("VACUUM ANALYZE", tenants.DATABASE)
        print(measuring.machine(found.postgres.programs.version), "\n")
        variants = environments(found, peer)
        with running(variants) as runners:
            for number in numbers:
                for text in in_process(runners, number, options.rounds):
                    print(text, flush=True)
        for text in over_http(variants, options.cities, max(options.rounds // 4, 1), SECONDS):
            print(text, flush=True)


if __name__ == "__main__":
    main()
