"""Reading for pages that many ask for: plain rows instead of objects, several questions in one round trip.

To make objects and to build statements takes longer than the answers themselves (docs/benchmarks.md). A query is made
once, when its file is loaded, and asked with other values each time. What very many write at once goes the same way.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVarTuple, cast

import psycopg
from psycopg.rows import namedtuple_row
from sqlalchemy import Connection, Row, Select, TextClause, TextualSelect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from app.core.db import HIDE_PARAMETERS, db

Ts = TypeVarTuple("Ts")
Change = Callable[[Any], Any]
Cursor = psycopg.Cursor[Any]


@dataclass(frozen=True, slots=True)
class Question(Generic[*Ts]):
    """A query with the values for this time."""

    query: "Query[*Ts]"
    values: Mapping[str, object]


class Query(Generic[*Ts]):
    """A SELECT that names the columns it shows: `LISTED = Query(select(Article.id, Article.title)…)`.

    What varies is a `bindparam`, given when it is asked: `rows(LISTED(author="…"))`. What writes is a text: with
    `.columns(…)` where it answers, without for `carry_out`.
    """

    def __init__(self, statement: Select[*Ts] | TextualSelect | TextClause) -> None:
        self._statement = statement

    def __call__(self, **values: object) -> Question[*Ts]:
        """Return the question with these values."""
        return Question(self, values)

    def ask(self, connection: Connection, values: Mapping[str, object]) -> Cursor:
        """Send the question; raises TypeError when a value is missing or nobody asked for it."""
        if values.keys() != self._wanted:
            raise TypeError(f"this query takes {sorted(self._wanted)}, not {sorted(values)}")
        given = {**self._settled, **values}
        for name, change in self._given:
            given[name] = change(given[name])
        cursor = _driver(connection).cursor(row_factory=namedtuple_row)
        told = (connection, cursor, self._sql, given, None, False)
        connection.dispatch.before_cursor_execute(*told)
        try:
            return cursor.execute(self._sql, given)
        finally:
            connection.dispatch.after_cursor_execute(*told)

    def found(self, cursor: Cursor) -> Sequence[Row[*Ts]]:
        """Return the answer, each value of the type that its column has in the code."""
        lines = cursor.fetchall()
        if any(self._found):
            lines = [
                type(line)(*(c(v) if c else v for c, v in zip(self._found, line, strict=True)))
                for line in lines
            ]
        return cast("Sequence[Row[*Ts]]", lines)

    @cached_property
    def _compiled(self) -> SQLCompiler:
        compiled = self._statement.compile(dialect=db.engine.dialect)
        if "POSTCOMPILE" in str(compiled):
            raise TypeError("a query that is made once cannot take a list of any length")
        return compiled

    @cached_property
    def _sql(self) -> str:
        return str(self._compiled)

    @cached_property
    def _wanted(self) -> frozenset[str]:
        return frozenset(name for one, name in self._compiled.bind_names.items() if one.required)

    @cached_property
    def _settled(self) -> Mapping[str, object]:
        return {
            name: one.effective_value for one, name in self._compiled.bind_names.items() if not one.required
        }

    @cached_property
    def _given(self) -> tuple[tuple[str, Change], ...]:
        names = self._compiled.bind_names
        changes = ((name, _impl(one.type).bind_processor(db.engine.dialect)) for one, name in names.items())
        return tuple((name, change) for name, change in changes if change)

    @cached_property
    def _found(self) -> tuple[Change | None, ...]:
        if isinstance(self._statement, TextClause):
            return ()
        columns = self._statement.selected_columns
        return tuple(_impl(column.type).result_processor(db.engine.dialect, None) for column in columns)


def rows(question: Question[*Ts]) -> Sequence[Row[*Ts]]:
    """Return the answer as plain rows that belong to no session."""
    with _asking() as connection:
        return question.query.found(question.query.ask(connection, question.values))


def carry_out(question: Question[*Ts]) -> None:
    """Send a statement that answers nothing."""
    with _asking() as connection:
        question.query.ask(connection, question.values)


def together(*questions: Question[*tuple[Any, ...]]) -> list[Sequence[Row[Any]]]:
    """Return the answers to several questions, which take one way to the database together."""
    with _asking() as connection:
        with _driver(connection).pipeline():
            cursors = [one.query.ask(connection, one.values) for one in questions]
        return [one.query.found(cursor) for one, cursor in zip(questions, cursors, strict=True)]


@contextmanager
def _asking() -> Iterator[Connection]:
    """Give the session's connection; what the driver raises becomes what the session would have raised."""
    session = db.session()
    session.flush()
    connection = session.connection()
    try:
        yield connection
    except psycopg.Error as error:
        if gone := _driver(connection).closed:
            connection.invalidate(error)
        raise DBAPIError.instance(
            "",
            None,
            error,
            psycopg.Error,
            hide_parameters=HIDE_PARAMETERS,
            connection_invalidated=bool(gone),
            dialect=connection.dialect,
        ) from error


def _driver(connection: Connection) -> psycopg.Connection[Any]:
    return cast("psycopg.Connection[Any]", connection.connection.dbapi_connection)


def _impl(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    return kind.dialect_impl(db.engine.dialect)
