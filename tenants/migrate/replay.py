"""Apply rendered statements to one schema through a pipeline, with the revision kept beside the tables it describes.

Each statement is a message of its own, as Citus wants it, but all of a transaction travel together
(docs/decisions/0010-thousands-of-schemas.md).
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import psycopg

from tenants import citus
from tenants.migrate import plan, render
from tenants.migrate.plan import Step
from tenants.owner import Raw

Cursor = psycopg.Cursor[tuple[object, ...]]
LOCK_TIMEOUT = "5s"
REVISION_TABLE = (
    "CREATE TABLE IF NOT EXISTS module_revision"
    " (module varchar(48) PRIMARY KEY, revision varchar(64) NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())"
)

_ENTER = "INSERT INTO module_revision (module, revision) VALUES {rows}"
_MOVE = """
WITH moved AS (
  UPDATE module_revision SET revision = {end}, applied_at = now()
  WHERE module = {owner} AND revision = {start} RETURNING 1
) SELECT 1 / count(*) FROM moved
"""
_COPY = """
INSERT INTO platform.city_revision (city_id, revisions, changed_at, error) VALUES ({city_id}, {revisions}, now(), '')
ON CONFLICT (city_id) DO UPDATE
SET revisions = excluded.revisions, changed_at = excluded.changed_at, failed_at = NULL, error = ''
"""


class StaleRevision(RuntimeError):
    """The schema is not at the revision it was said to be at; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a schema is brought up to date.

    `lax` commits do not wait for the disk: whoever does many ends with one that does. `only` leaves other histories
    alone, `add` brings in modules that the schema does not have.
    """

    lock_timeout: str = LOCK_TIMEOUT
    lax: bool = False
    only: tuple[str, ...] = ()
    add: tuple[str, ...] = ()


def upgrade(connection: Raw, schema: str, manner: Manner) -> tuple[Step, ...]:
    """Bring the schema's histories to their newest revision; returns the steps that were made.

    One transaction, unless a revision works row by row: then one before it, one for each of its batches, one after.
    """
    done: list[Step] = []
    while True:
        try:
            known = _begin(connection, schema, manner)
            steps = plan.steps(known, add=manner.add, only=manner.only)
            stage = next(plan.stages(steps), [])
            if stage and stage[0].online:
                finished = _one_batch(connection, schema, stage[0], known)
                done += stage if finished else []
                continue
            send(connection, [*moves(stage, schema), *copy(schema, after(known, stage)), "COMMIT"])
        except BaseException:
            give_up(connection)
            raise
        done += stage
        if len(stage) == len(steps):
            return tuple(done)


def create(connection: Raw, schema: str, web: str, ends: Mapping[str, str]) -> None:
    """Make schema, role and tables, at the revision named for each history, in one round trip.

    Raises psycopg's DuplicateSchema where the schema is there, DuplicateObject where somebody has its role.
    """
    try:
        send(connection, [*_opening(schema, Manner()), *empty(schema, web), *filled(schema, ends), "COMMIT"])
    except BaseException:
        give_up(connection)
        raise


def upgrade_platform(connection: Raw, role: str) -> tuple[Step, ...]:
    """Bring the platform's own tables up to date inside the transaction that is open."""
    send(connection, [*taking(plan.PLATFORM, LOCK_TIMEOUT), REVISION_TABLE])
    known = revisions(connection)
    steps = plan.platform_steps(known)
    send(connection, moves(steps, role))
    return steps


def revisions(connection: Raw) -> dict[str, str]:
    """Return history → revision of the schema the transaction points at."""
    rows = connection.execute("SELECT module, revision FROM module_revision").fetchall()
    return {str(owner): str(revision) for owner, revision in rows}


def after(known: Mapping[str, str], steps: Iterable[Step]) -> dict[str, str]:
    """Return what a schema with the revisions `known` is at when the steps are made."""
    return {**known, **{step.owner: step.end for step in steps}}


def statements(step: Step, role: str) -> list[str]:
    """Return the SQL of a step for one city, without what keeps the revision."""
    rendered = render.render(plan.folder(step.owner), step.start, step.end)
    return [statement.replace(render.ROLE, role) for statement in rendered]


def send(connection: Raw, messages: Sequence[str]) -> list[Cursor]:
    """Send statements, one a message, in one round trip; the error of the first that failed says which it was."""
    sent: list[Cursor] = []
    try:
        with connection.pipeline():
            for message in messages:
                sent.append(connection.execute(message.encode()))
    except psycopg.Error as error:
        failed = sum(1 for cursor in sent if cursor.statusmessage is not None)
        statement = messages[failed] if failed < len(messages) else ""
        if isinstance(error, psycopg.errors.DivisionByZero) and "module_revision" in statement:
            raise StaleRevision("somebody else has changed the schema's revision meanwhile") from error
        error.add_note(statement)
        raise
    return sent


def give_up(connection: Raw) -> None:
    """Roll back what was begun, where there still is a server to ask."""
    if not connection.closed and not connection.broken:
        connection.rollback()


def literal(value: str) -> str:
    """Return a text as SQL writes it."""
    return "'" + value.replace("'", "''") + "'"


def _begin(connection: Raw, schema: str, manner: Manner) -> dict[str, str]:
    """Begin the transaction of one schema, alone, and return the truth about its revisions."""
    asked = "SELECT module, revision FROM module_revision"
    answers = send(connection, [*_opening(schema, manner), asked])
    return {str(owner): str(revision) for owner, revision in answers[-1].fetchall()}


def _opening(schema: str, manner: Manner) -> list[str]:
    lax = ["SET LOCAL synchronous_commit = off"] if manner.lax else []
    return ["BEGIN", *lax, *taking(schema, manner.lock_timeout)]


def taking(schema: str, lock_timeout: str) -> list[str]:
    """Return what points the transaction at `schema` and holds its migration lock until the end."""
    return [
        f"SET LOCAL lock_timeout = {literal(lock_timeout)}",
        f"SELECT pg_advisory_xact_lock(hashtextextended({literal(f'migrate {schema}')}, 0))",
        f'SET LOCAL search_path TO "{schema}", shared, pg_temp',
    ]


def empty(schema: str, web: str) -> list[str]:
    """Return what makes a schema without tables, and its role."""
    return [
        citus.SHARD_BY_SCHEMA,
        f'CREATE SCHEMA "{schema}"',
        f'CREATE ROLE "{schema}" NOLOGIN',
        citus.let_in(schema),
        f'GRANT "{schema}" TO "{web}" WITH INHERIT FALSE, SET TRUE',
        f'GRANT USAGE ON SCHEMA "{schema}" TO "{schema}"',
        f'ALTER DEFAULT PRIVILEGES IN SCHEMA "{schema}" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "{schema}"',
        f'ALTER DEFAULT PRIVILEGES IN SCHEMA "{schema}" GRANT USAGE ON SEQUENCES TO "{schema}"',
    ]


def filled(schema: str, ends: Mapping[str, str]) -> list[str]:
    """Return what makes the tables of an empty schema, at the revision named for each history."""
    steps = [Step(owner, None, ends[owner]) for owner in plan.owners_of(ends) if owner in ends]
    rows = ", ".join(f"({literal(step.owner)}, {literal(step.end)})" for step in steps)
    made = [statement for step in steps for statement in statements(step, schema)]
    return [REVISION_TABLE, _ENTER.format(rows=rows), *made, *copy(schema, ends)]


def moves(steps: Iterable[Step], role: str) -> list[str]:
    """Return what makes the steps, each guarded by the revision that it starts from."""
    return [message for step in steps for message in (compare_and_set(step), *statements(step, role))]


def compare_and_set(step: Step) -> str:
    """Return what moves a revision on, and fails (a division by zero) where the schema is at another one."""
    owner, end = literal(step.owner), literal(step.end)
    if step.start is None:
        return _ENTER.format(rows=f"({owner}, {end})")
    return _MOVE.format(owner=owner, start=literal(step.start), end=end)


def copy(schema: str, known: Mapping[str, str]) -> list[str]:
    """Return what writes the platform's copy of a city's revisions, in the transaction that changes them."""
    city_id = literal(schema.removeprefix("c_"))
    return [_COPY.format(city_id=city_id, revisions=literal(json.dumps(known)))]


def _one_batch(connection: Raw, schema: str, step: Step, known: Mapping[str, str]) -> bool:
    """Do one batch of a step that works row by row and commit it; the last one moves the revision on."""
    more = render.batch(plan.folder(step.owner), step.end)(connection)
    last = [] if more else [compare_and_set(step), *copy(schema, after(known, [step]))]
    send(connection, [*last, "COMMIT"])
    return not more
