"""The session and the two kinds of table: a city's and the platform's.

A transaction takes its city in the very message that begins it, so the city ends with the transaction;
with no city nothing begins (docs/decisions/0002-city-per-transaction.md).
"""

import select
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, overload
from uuid import UUID

import psycopg
from flask import g
from flask_sqlalchemy import SQLAlchemy
from psycopg.pq import ConnStatus, ExecStatus
from sqlalchemy import URL, Connection, DateTime, Engine, Enum, MetaData, Uuid, event, exc
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.pool import ConnectionPoolEntry

from app.core import patience
from app.core.context import City, city_or_none, current_city

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
# The error of a statement goes into the log; its values are ballots, addresses and hashes of passwords.
HIDE_PARAMETERS = True
# A statement sent so often over one connection is prepared there.
PREPARE_THRESHOLD = 5


class Base(DeclarativeBase):
    """Root of every mapped class: enums are stored by value as text, instants are aware."""

    metadata = MetaData(naming_convention=NAMES)
    registry = registry(
        type_annotation_map={
            StrEnum: Enum(
                StrEnum, native_enum=False, length=32, values_callable=lambda e: [m.value for m in e]
            ),
            datetime: DateTime(timezone=True),
            UUID: Uuid(),
        }
    )


def _scope() -> tuple[int, str]:
    """Return one scope per application context and city: an identity map must never see two cities."""
    city = city_or_none()
    return id(g._get_current_object()), city.id if city else ""


db = SQLAlchemy(model_class=Base, session_options={"scopefunc": _scope})

if TYPE_CHECKING:
    _Model = Base
else:
    _Model = db.Model


class CityModel(_Model):
    """A table every city has its own copy of, found through the search path."""

    __abstract__ = True


class PlatformModel(_Model):
    """A table of the platform, in schema `platform`, behind an engine and a login of its own."""

    __abstract__ = True
    __bind_key__ = "platform"
    __table_args__: Any = {"schema": "platform"}  # noqa: RUF012  SQLAlchemy declares it so


class Columns(Sequence[psycopg.Column]):
    """What an answer is made of, each column described when it is looked at.

    SQLAlchemy looks once at each statement and knows its columns by heart from then on: describing the columns of an
    edition anew each time would take a twentieth of the time of a ballot.
    """

    def __init__(self, cursor: psycopg.Cursor[Any], number: int) -> None:
        self._cursor, self._number = cursor, number

    def __len__(self) -> int:
        return self._number

    @overload
    def __getitem__(self, place: int) -> psycopg.Column: ...
    @overload
    def __getitem__(self, place: slice) -> list[psycopg.Column]: ...
    def __getitem__(self, place: int | slice) -> psycopg.Column | list[psycopg.Column]:
        found = range(self._number)[place]
        if isinstance(found, range):
            return [psycopg.Column(self._cursor, index) for index in found]
        return psycopg.Column(self._cursor, found)


class ExtendedCursor(psycopg.Cursor[Any]):
    """Speak the extended protocol only: the server itself refuses a second statement in a message."""

    @property
    def description(self) -> Any:
        """Return the columns of the answer, None when it has none."""
        answer = self.pgresult
        if answer is None or not (answer.nfields or answer.status == ExecStatus.TUPLES_OK):
            return None
        return Columns(self, answer.nfields)

    def _execute_send(self, query: Any, *, force_extended: bool = False, binary: bool | None = None) -> None:
        super()._execute_send(query, force_extended=True, binary=binary)


def engine_options(*, pooled: bool = False) -> dict[str, object]:
    """Return the engine options for cities' transactions; psycopg's own BEGIN is off, ours carries the city.

    With `pooled` no statement is prepared under a name: behind a pooler the next transaction may meet another server
    process, which does not know it.
    """
    return {
        "pool_size": 5,
        "max_overflow": 5,
        "pool_recycle": 900,
        "hide_parameters": HIDE_PARAMETERS,
        "connect_args": {
            "autocommit": True,
            "prepare_threshold": None if pooled else PREPARE_THRESHOLD,
            "cursor_factory": ExtendedCursor,
        },
    }


def platform_options(url: URL, *, pooled: bool = False) -> dict[str, object]:
    """Return the options of the engine for the platform's own tables."""
    return {
        "url": url,
        "pool_size": 5,
        "max_overflow": 5,
        "hide_parameters": HIDE_PARAMETERS,
        "connect_args": {"prepare_threshold": None if pooled else PREPARE_THRESHOLD},
    }


def begin_statement(city: City) -> bytes:
    """Return the one message that begins a transaction as `city`."""
    return (
        f'BEGIN; SET LOCAL ROLE "{city.schema}"; SET LOCAL search_path TO "{city.schema}", shared, pg_temp'
    ).encode()


def install(engine: Engine, *, most_cities: int) -> None:
    """Make every transaction of `engine` a transaction of the city being served; a connection serves `most_cities`.

    Its backend keeps about 200 KB for every city it has served and never gives it back.
    """

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        raw: Any = connection.connection.dbapi_connection
        city = current_city()
        extra = patience.limits()
        result = raw.pgconn.exec_(begin_statement(city) + (f"; {extra}".encode() if extra else b""))
        if result.status != ExecStatus.COMMAND_OK:
            error = psycopg.errors.error_from_result(result)
            if raw.pgconn.status == ConnStatus.OK:
                raw.pgconn.exec_(b"ROLLBACK")
            else:
                connection.invalidate()
            raise error
        connection.info.setdefault("cities", set()).add(city.id)

    @event.listens_for(engine, "checkin")
    def _retire_well_travelled(_raw: object, record: ConnectionPoolEntry) -> None:
        if len(record.info.get("cities", ())) > most_cities:
            record.invalidate()

    refuse_dead_connections(engine)


def install_on_platform(engine: Engine) -> None:
    """Give transactions of the platform's own login the limits of whoever begins them."""

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        raw: Any = connection.connection.dbapi_connection
        if extra := patience.limits():
            raw.execute(extra)

    refuse_dead_connections(engine)


def refuse_dead_connections(engine: Engine) -> None:
    """Make the pool replace connections that a server has left behind before anybody is given one."""
    event.listen(engine, "checkout", _refuse_dead_connection)


def _refuse_dead_connection(raw: Any, _record: ConnectionPoolEntry, _proxy: object) -> None:
    """Notice a connection that the server has closed without asking it: its socket is readable."""
    if raw.closed:
        raise exc.DisconnectionError
    poll = select.poll()
    poll.register(raw.pgconn.socket, select.POLLIN)
    # The server says why before it hangs up: the farewell is read first, the end of the stream with the next look.
    while poll.poll(0):
        try:
            raw.pgconn.consume_input()
        except psycopg.Error as error:
            raise exc.DisconnectionError from error
    if raw.pgconn.status != ConnStatus.OK:
        raise exc.DisconnectionError


def end_transaction(*, keep: bool) -> None:
    """Commit or roll back what the session did and let its connections go."""
    if not db.session.registry.has():
        return
    try:
        if keep:
            db.session.commit()
        else:
            db.session.rollback()
    finally:
        db.session.remove()
