"""Bring all cities up to date: several at a time, each in transactions of its own, whatever becomes of the others.

A city that fails stays whole at its old revision; whoever runs this again touches only what is not done.
"""

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import psycopg
from sqlalchemy import URL

from tenants import owner
from tenants.migrate import copies, plan, render, replay
from tenants.migrate.copies import Standing
from tenants.migrate.plan import Step
from tenants.migrate.replay import Manner
from tenants.migrate.survey import Work, survey
from tenants.owner import Raw

LOCKED = (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected)
RECONNECT_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be migrated and how: no names means all; `rate` is in cities a second."""

    cities: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    workers: int = 2
    rate: float | None = None
    stop_after: int | None = None
    check: bool = False
    tries: int = 4
    lock_timeout: str = "2s"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one city; no error means that it is up to date."""

    city: Standing
    steps: tuple[Step, ...] = ()
    error: str = ""


@dataclass
class Report:
    """What became of all of them."""

    total: int = 0
    """Cities looked at."""
    planned: int = 0
    done: list[Outcome] = field(default_factory=list)
    failed: list[Outcome] = field(default_factory=list)
    corrected: int = 0
    unmade: int = 0
    unknown: list[Standing] = field(default_factory=list)
    seconds: float = 0.0
    stopped: bool = False

    @property
    def ended(self) -> int:
        """Return how many cities are over with."""
        return len(self.done) + len(self.failed)

    @property
    def untried(self) -> int:
        """Return how many were left when it was stopped."""
        return self.planned - self.ended


Watch = Callable[[Report], None]


def migrate(url: URL, wish: Wish, watch: Watch = lambda _report: None) -> Report:
    """Bring the cities up to date and tell `watch` after each one; raises copies.NoSuchCity."""
    report, began = Report(), time.monotonic()
    with owner.connect(url) as connection:
        tried: set[str] = set()
        check = wish.check
        # A city that was made meanwhile by older code turns up with the next look.
        while not report.stopped:
            found = survey(connection, wish.cities, only=wish.only, check=check)
            for city in found.corrected:
                copies.correct(connection, city)
            work = [(city, steps) for city, steps in found.pending if city.city_id not in tried]
            report.total, report.unmade = found.total, len(found.unmade)
            report.unknown, report.corrected = found.unknown, report.corrected + len(found.corrected)
            if not work:
                break
            tried |= {city.city_id for city, _steps in work}
            report.planned += len(work)
            _prepare(work)
            _together(url, wish, work, report, watch)
            check = False
        _wait_for_the_disk(connection, report)
    report.seconds = time.monotonic() - began
    return report


def _prepare(work: list[Work]) -> None:
    """Render every step once, before many hands need it."""
    for step in {step for _city, steps in work for step in steps}:
        render.render(plan.folder(step.owner), step.start, step.end)


def _together(url: URL, wish: Wish, work: list[Work], report: Report, watch: Watch) -> None:
    crew = _Crew(url, wish, [city for city, _steps in work])
    for outcome in crew.outcomes():
        (report.failed if outcome.error else report.done).append(outcome)
        watch(report)
    report.stopped = crew.stop.is_set()


def _wait_for_the_disk(connection: Raw, report: Report) -> None:
    """Commit once more and wait for it: the log is written in order, so all that was committed before is safe then."""
    if report.done:
        statement = "UPDATE platform.city_revision SET changed_at = changed_at WHERE city_id = "
        touch = statement + replay.literal(report.done[0].city.city_id)
        replay.send(connection, ["BEGIN", "SET LOCAL synchronous_commit = on", touch, "COMMIT"])


class _Crew:
    """Threads with a connection each that take cities from one queue."""

    def __init__(self, url: URL, wish: Wish, cities: list[Standing]) -> None:
        self.url, self.wish = url, wish
        self.stop = threading.Event()
        self._cities = deque((city, 1) for city in cities)
        self._turn, self._next_at, self._failures = threading.Lock(), 0.0, 0
        self._outcomes: queue.SimpleQueue[Outcome | BaseException | None] = queue.SimpleQueue()

    def outcomes(self) -> Iterator[Outcome]:
        """Start, and yield what becomes of each city; after an interruption each thread ends the city it has."""
        number = max(1, min(self.wish.workers, len(self._cities)))
        threads = [threading.Thread(target=self._work, daemon=True) for _ in range(number)]
        for thread in threads:
            thread.start()
        try:
            while number:
                try:
                    outcome = self._outcomes.get()
                except KeyboardInterrupt:
                    self.stop.set()
                    continue
                if isinstance(outcome, BaseException):
                    raise outcome
                if outcome is None:
                    number -= 1
                else:
                    yield outcome
        finally:
            if number:
                self.stop.set()
            for thread in threads:
                thread.join()

    def _work(self) -> None:
        connection: Raw | None = None
        try:
            while (taken := self._take()) is not None:
                if connection is None or connection.closed:
                    connection = self._connect()
                outcome = self._one(connection, *taken)
                if outcome is not None:
                    self._outcomes.put(outcome)
        except BaseException as error:
            self._outcomes.put(error)
        finally:
            if connection is not None:
                connection.close()
            self._outcomes.put(None)

    def _take(self) -> tuple[Standing, int] | None:
        """Return the next city when its time has come; None when there is none, or no more is wanted."""
        with self._turn:
            if self.stop.is_set() or not self._cities:
                return None
            taken = self._cities.popleft()
            if self.wish.rate:
                moment = time.monotonic()
                self._next_at = max(moment, self._next_at) + 1 / self.wish.rate
                if self.stop.wait(self._next_at - 1 / self.wish.rate - moment):
                    return None
            return taken

    def _one(self, connection: Raw, city: Standing, attempt: int) -> Outcome | None:
        """Migrate a city; None when somebody is in its way and it is to be tried again, after the others."""
        manner = Manner(self.wish.lock_timeout, lax=True, only=self.wish.only)
        try:
            return Outcome(city, replay.upgrade(connection, city.schema, manner))
        except Exception as error:
            passing = isinstance(error, LOCKED) or connection.closed or connection.broken
            if passing and attempt < self.wish.tries:
                if connection.broken:
                    connection.close()
                if not self._cities:
                    self.stop.wait(0.1 * 3**attempt)
                self._cities.append((city, attempt + 1))
                return None
            return self._failed(connection, city, error)

    def _failed(self, connection: Raw, city: Standing, error: Exception) -> Outcome | None:
        said = told(error)
        if not connection.closed and not connection.broken:
            if isinstance(error, psycopg.errors.UndefinedTable) and not _exists(connection, city):
                return Outcome(city)
            copies.note_failure(connection, city, said)
        with self._turn:
            self._failures += 1
            if self._failures == self.wish.stop_after:
                self.stop.set()
        return Outcome(city, error=said)

    def _connect(self) -> Raw:
        """Connect; a server that is starting again is waited for."""
        end = time.monotonic() + RECONNECT_SECONDS
        while True:
            try:
                return owner.connect(self.url)
            except psycopg.OperationalError:
                if time.monotonic() > end or self.stop.wait(0.5):
                    raise


def told(error: BaseException) -> str:
    """Return in one line why a city failed: what the server said, and the beginning of the statement."""
    notes = " ".join(getattr(error, "__notes__", [])).split()
    first = (str(error).splitlines() or [type(error).__name__])[0]
    return f"{first} ({' '.join(notes)[:200]})" if notes else first


def _exists(connection: Raw, city: Standing) -> bool:
    found = connection.execute("SELECT 1 FROM platform.city WHERE id = %s", (city.city_id,))
    return found.fetchone() is not None
