"""Create, upgrade and drop a city's schema and role."""

from collections.abc import Iterable, Mapping

import psycopg
from flask import current_app
from sqlalchemy import Connection, text

from tenants import owner
from tenants.migrate import plan, replay
from tenants.migrate.plan import Step
from tenants.migrate.replay import Manner

owner_transaction = owner.transaction


def create(schema: str, modules: Iterable[str] = (), *, at: Mapping[str, str] | None = None) -> None:
    """Create the schema and role of a city with its tables, in one transaction and one round trip.

    Where they exist, they are brought up to date instead. `at` names the revision of each history, for a schema
    that is to be like one elsewhere; without it all are the newest.
    """
    web = str(current_app.config["PARVIS"].web_database.username)
    ends = plan.heads(plan.owners_of([*modules])) if at is None else at
    with owner.connect(owner.address()) as connection:
        try:
            replay.create(connection, schema, web, ends)
        except psycopg.errors.DuplicateSchema:
            if at is not None:
                raise
            replay.upgrade(connection, schema, Manner(add=tuple(modules)))


def upgrade(schema: str, modules: Iterable[str] = ()) -> tuple[Step, ...]:
    """Bring the base tables, the tables the city has and those of `modules` up to date; returns what was done."""
    with owner.connect(owner.address()) as connection:
        return replay.upgrade(connection, schema, Manner(add=tuple(modules)))


def drop(schema: str) -> None:
    """Drop the schema and role of a city with all they hold; does nothing when they are gone."""
    with owner_transaction() as connection:
        drop_with(connection, schema)


def drop_with(connection: Connection, schema: str) -> None:
    """Drop the schema and role of a city inside the transaction that is open."""
    take(connection, schema)
    connection.exec_driver_sql(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')
    if connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :r"), {"r": schema}):
        connection.exec_driver_sql(f'DROP OWNED BY "{schema}"')
        connection.exec_driver_sql(f'DROP ROLE "{schema}"')
    connection.execute(
        text("DELETE FROM platform.city_revision WHERE city_id = :id"), {"id": schema.removeprefix("c_")}
    )


def take(connection: Connection, schema: str) -> None:
    """Point the open transaction at `schema` and hold its migration lock until the end."""
    for message in replay.taking(schema, replay.LOCK_TIMEOUT):
        connection.exec_driver_sql(message)


def exists(connection: Connection, schema: str) -> bool:
    """Tell whether the schema is there."""
    return bool(connection.scalar(text("SELECT 1 FROM pg_namespace WHERE nspname = :s"), {"s": schema}))
