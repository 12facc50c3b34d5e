"""What every measurement needs: options, progress, the machine in words, interleaved rounds, a table."""

import argparse
import os
import platform
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
SMALL_CITIES = 20
SMALL_ROUNDS = 4


@dataclass(frozen=True, slots=True)
class Options:
    """How large a run is; `rounds` is how often each variant has its turn."""

    cities: int
    rounds: int
    small: bool


@dataclass
class Sample:
    """What one variant took: wall time of each repetition and processor time of all, in seconds."""

    wall: list[float] = field(default_factory=list)
    cpu: float = 0.0

    def add(self, other: "Sample") -> None:
        """Take in what another round took."""
        self.wall += other.wall
        self.cpu += other.cpu

    def percentile(self, share: int) -> float:
        """Return the time that `share` of a hundred repetitions stay below; 10 is the least disturbed."""
        if len(self.wall) < 2:
            return self.wall[0]
        return statistics.quantiles(self.wall, n=100, method="inclusive")[share - 1]

    @property
    def cpu_each(self) -> float:
        """Return the processor time of one repetition."""
        return self.cpu / len(self.wall)


def parser(description: str, *, cities: int = 1000, rounds: int = 30) -> argparse.ArgumentParser:
    """Return a command line that has the usual options; more can be added."""
    made = argparse.ArgumentParser(description=description)
    made.add_argument("--cities", type=int, default=cities, help=f"how many cities there are ({cities})")
    made.add_argument(
        "--rounds", type=int, default=rounds, help=f"how often each variant has its turn ({rounds})"
    )
    made.add_argument(
        "--small", action="store_true", help=f"a quick look: {SMALL_CITIES} cities, {SMALL_ROUNDS} rounds"
    )
    return made


def sized(given: argparse.Namespace) -> Options:
    """Return how large the run is to be."""
    if given.small:
        return Options(min(given.cities, SMALL_CITIES), min(given.rounds, SMALL_ROUNDS), small=True)
    return Options(given.cities, given.rounds, small=False)


def say(line: str) -> None:
    """Tell whoever waits what goes on; the table alone goes to standard output."""
    print(line, file=sys.stderr, flush=True)


def progress(things: Iterable[T], total: int, what: str) -> Iterator[T]:
    """Yield the things one by one and show how many are done, how fast, and how long it still takes."""
    started = shown = time.monotonic()
    on_terminal = sys.stderr.isatty()
    for done, thing in enumerate(things, 1):
        yield thing
        moment = time.monotonic()
        if done == total or moment - shown > (0.2 if on_terminal else 10):
            shown = moment
            rate = done / max(moment - started, 1e-9)
            line = f"{what}: {done}/{total}, {rate:.1f}/s, {(total - done) / rate:.0f} s left"
            print(
                f"\r{line}\x1b[K" if on_terminal else line,
                end="" if on_terminal and done < total else "\n",
                file=sys.stderr,
                flush=True,
            )


def rounds(variants: Mapping[str, Callable[[], Sample]], number: int, what: str) -> dict[str, Sample]:
    """Give each variant its turn in every round, in another order each time, so that disturbances hit all alike."""
    found = {name: Sample() for name in variants}
    order = list(variants)
    for _round in progress(range(number), number, what):
        random.shuffle(order)
        for name in order:
            found[name].add(variants[name]())
    return found


def timed(call: Callable[[], object]) -> Sample:
    """Return how long one call took, in wall and in this process's processor time."""
    cpu, wall = time.process_time(), time.perf_counter()
    call()
    return Sample([time.perf_counter() - wall], time.process_time() - cpu)


def machine(postgresql: str) -> str:
    """Return a line that says what the numbers were measured on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    return (
        f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB; PostgreSQL {postgresql}, "
        f"Python {platform.python_version()}, SQLAlchemy {version('SQLAlchemy')}, psycopg {version('psycopg')}; "
        f"load {load} (1, 5, 15 minutes)"
    )


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    lines = facts.read_text().splitlines() if facts.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table, to be pasted into docs/benchmarks.md."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def micro(seconds: float) -> str:
    """Return a time in microseconds, with a thin separator at thousands."""
    return f"{seconds * 1e6:,.0f}"


def ratio(baseline: float, value: float) -> str:
    """Return how many times as fast as the baseline something is."""
    return f"{baseline / value:.2f}"


def times(found: Mapping[str, Sample], baseline: str) -> str:
    """Return the table of a comparison: percentiles and processor time in µs, and the ratio of the medians and p10."""
    base = found[baseline]
    rows = [
        (
            name,
            *(micro(sample.percentile(share)) for share in (10, 50, 99)),
            micro(sample.cpu_each),
            ratio(base.percentile(10), sample.percentile(10)),
            ratio(base.percentile(50), sample.percentile(50)),
        )
        for name, sample in found.items()
    ]
    head = ("", "p10 µs", "p50 µs", "p99 µs", "CPU µs", f"× {baseline} (p10)", "× (p50)")
    return table(head, rows)
