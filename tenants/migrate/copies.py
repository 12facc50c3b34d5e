"""What the platform knows of all cities' revisions: one query on its copy, and the truth in the cities beside it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import psycopg

from tenants.migrate.replay import Cursor, literal, send
from tenants.owner import Raw

AT_ONCE = 500
_ALL = """
SELECT c.id, c.slug, c.state, r.revisions, r.changed_at, r.failed_at, coalesce(r.error, '')
FROM platform.city c LEFT JOIN platform.city_revision r ON r.city_id = c.id ORDER BY c.id
"""

_WITH_REVISIONS = """
SELECT n.nspname FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace
WHERE t.relname = 'module_revision' AND t.relkind = 'r'
"""

_REVISIONS = 'SELECT module, revision FROM "{schema}".module_revision'
_CORRECT = """
INSERT INTO platform.city_revision (city_id, revisions, changed_at, error)
SELECT {city_id}, jsonb_object_agg(module, revision), now(), '' FROM "{schema}".module_revision
ON CONFLICT (city_id) DO UPDATE SET revisions = excluded.revisions, changed_at = excluded.changed_at
"""
_FAILED = """
INSERT INTO platform.city_revision (city_id, revisions, changed_at, failed_at, error)
VALUES (%s, '{}', now(), now(), %s)
ON CONFLICT (city_id) DO UPDATE SET failed_at = excluded.failed_at, error = excluded.error
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """One city and its revisions as the copy has them; None where the copy says nothing."""

    city_id: str
    slug: str
    state: str
    revisions: Mapping[str, str] | None
    changed_at: datetime | None = None
    failed_at: datetime | None = None
    error: str = ""

    @property
    def schema(self) -> str:
        """Return the name of the city's schema."""
        return f"c_{self.city_id}"


class NoSuchCity(LookupError):
    """There is no city with this address or id."""


class NotPrepared(LookupError):
    """The platform's own tables are older than this code."""


def standings(connection: Raw, names: Sequence[str] = ()) -> list[Standing]:
    """Return all cities, or those with these addresses or ids, in whatever state; raises NoSuchCity, NotPrepared."""
    try:
        found = [Standing(*row) for row in connection.execute(_ALL)]  # type: ignore[arg-type]
    except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName) as error:
        raise NotPrepared(
            "the platform's own tables are missing or too old: run `parvis setup` first"
        ) from error
    if not names:
        return found
    known = {name for city in found for name in (city.city_id, city.slug)}
    if strangers := [name for name in names if name not in known]:
        raise NoSuchCity(f"there is no city called {', '.join(strangers)}")
    return [city for city in found if city.city_id in names or city.slug in names]


def with_truth(connection: Raw, cities: Iterable[Standing]) -> Iterator[tuple[Standing, Standing]]:
    """Yield each city as the copy has it and as its own schema says; None for revisions where it has no schema."""
    waiting = list(cities)
    for first in range(0, len(waiting), AT_ONCE):
        together = waiting[first : first + AT_ONCE]
        for city, said in zip(together, _truth(connection, together), strict=True):
            yield city, replace(city, revisions=said)


def correct(connection: Raw, city: Standing) -> None:
    """Write into the copy what the city says; it may have moved on meanwhile, so it is asked again."""
    send(connection, [_CORRECT.format(city_id=literal(city.city_id), schema=city.schema)])


def note_failure(connection: Raw, city: Standing, error: str) -> None:
    """Keep why a city could not be brought up to date; the next success removes it."""
    connection.execute(_FAILED, (city.city_id, error[:1000]))


def _truth(connection: Raw, cities: Sequence[Standing]) -> list[dict[str, str] | None]:
    """Ask each schema for its revisions, all in one round trip; again when one was dropped in between."""
    while True:
        existing = {name for (name,) in connection.execute(_WITH_REVISIONS)}
        asked: list[Cursor | None] = []
        try:
            with connection.pipeline():
                for city in cities:
                    statement = _REVISIONS.format(schema=city.schema)
                    there = city.schema in existing
                    asked.append(connection.execute(statement.encode()) if there else None)
        except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
            continue
        return [None if answer is None else _as_dict(answer) for answer in asked]


def _as_dict(answer: Cursor) -> dict[str, str]:
    return {str(owner): str(revision) for owner, revision in answer.fetchall()}
