"""Questions about a module's tables."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import Connection, Table, inspect, text

from app.core.db import CityModel, db
from app.core.exporting import PERSONAL, Personal
from app.core.people import HOLDINGS
from app.registry import Module
from app.testing.contract.addresses import city_here, switched_off
from app.testing.contract.rows import fill
from tenants import schema
from tenants.archive import scope

Print = dict[str, tuple[int, str]]
# What a module's tables may point to beside its own.
SHARED = {"account"}
# Columns that say whose something is, also where no key leads to the account.
WHOSE = frozenset({"account_id", "voter", "author_id", "sender_id", "owner_id", "email"})


def tables_are_its_own_and_have_keys(app: Flask, module: Module) -> None:
    """Ask whether the tables carry the module's name, each has a primary key, and none leans on a stranger's."""
    with app.app_context():
        found = _tables(module)
        allowed = (f"{module.name}_", *(f"{need}_" for need in module.requires))
        for table in found:
            assert table.name.startswith(f"{module.name}_"), f"{table.name} is not named {module.name}_…"
            targets = {key.column.table.name for key in table.foreign_keys}
            strange = {name for name in targets - SHARED if not name.startswith(allowed)}
            assert not strange, f"{table.name} points to tables of others: {sorted(strange)}"
        with _here() as connection:
            for name in _names_in_city(connection, module):
                keyed = inspect(connection).get_pk_constraint(name)["constrained_columns"]
                assert keyed, f"{name} has no primary key"


def words_say_whether_they_are_personal(app: Flask, module: Module) -> None:
    """Ask whether every column of words says what a training copy of a city does with it."""
    with app.app_context():
        own = {table.name for table in _tables(module)}
        silent = [column for column in scope.undecided() if column.partition(".")[0] in own]
    assert not silent, (
        f"{module.name}: info=personal(…) or info=impersonal() is missing for {', '.join(silent)}"
    )


def personal_tables_are_declared(app: Flask, module: Module) -> None:
    """Ask whether each table with something about a person belongs to what the module says it holds."""
    with app.app_context():
        about_people = {table.name for table in _tables(module) if is_about_people(table)}
    declared = {name for one in HOLDINGS.values() if one.owner == module.name for name in one.tables}
    forgotten = sorted(about_people - declared)
    assert not forgotten, (
        f"{module.name}: no Holding has {', '.join(forgotten)} among its tables, although there is something about"
        f" people in it: declare one in {module.name}/privacy.py (docs/privacy.md)"
    )


def is_about_people(table: Table) -> bool:
    """Tell whether a table has a column that is personal, or one that says whose it is."""
    return any(
        column.info.get(PERSONAL, Personal.NONE) is not Personal.NONE
        or column.name in WHOSE
        or any(key.column.table.name == "account" for key in column.foreign_keys)
        for column in table.columns
    )


def models_match_migrations(app: Flask, module: Module) -> None:
    """Ask whether the migrations make the very tables that the models describe."""

    def own(name: str | None, kind: str, _parents: object) -> bool:
        return kind != "table" or str(name).startswith(f"{module.name}_")

    with app.app_context(), _here() as connection:
        described = {table.name for table in _tables(module)}
        assert described == set(_names_in_city(connection, module)), (
            f"{module.name}: tables without a model or a migration"
        )
        context = MigrationContext.configure(
            connection,
            opts={
                "include_name": own,
                "include_object": lambda thing, name, kind, _reflected, _to: (
                    kind != "table" or own(name, kind, None)
                ),
                "compare_type": True,
            },
        )
        differences = compare_metadata(context, db.metadata)
    assert not differences, f"{module.name}: models and migrations differ: {differences}"


def switching_off_keeps_everything(app: Flask, module: Module) -> None:
    """Ask whether every row is still there while the module is off, and when it is on again."""
    with app.app_context(), _here() as connection:
        filled = fill(connection, _tables(module))
    assert filled or not _described(app, module), f"{module.name}: no table takes a row"
    before = _print(app, module)
    with switched_off(app, module):
        assert _print(app, module) == before, f"{module.name}: switching off changed its tables"
    assert _print(app, module) == before, f"{module.name}: switching on again changed its tables"


def _described(app: Flask, module: Module) -> list[Table]:
    with app.app_context():
        return _tables(module)


def _tables(module: Module) -> list[Table]:
    """Return the tables that the module's models describe, those that others point to first."""
    mapped = {
        mapper.local_table
        for mapper in CityModel.registry.mappers
        if f"{mapper.class_.__module__}.".startswith(f"{module.package}.")
    }
    return [t for t in db.metadata.sorted_tables if t in mapped or t.name.startswith(f"{module.name}_")]


def _names_in_city(connection: Connection, module: Module) -> list[str]:
    names = inspect(connection).get_table_names(schema=city_here().schema)
    return [name for name in names if name.startswith(f"{module.name}_")]


def _print(app: Flask, module: Module) -> Print:
    """Return for each table how many rows it has and a hash of all of them."""
    with app.app_context(), _here() as connection:
        return {table.name: _of_table(connection, table.name) for table in _tables(module)}


def _of_table(connection: Connection, name: str) -> tuple[int, str]:
    rows = text(
        f"SELECT count(*), md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), '')) FROM \"{name}\" t"
    )
    number, digest = connection.execute(rows).one()
    return number, digest


@contextmanager
def _here() -> Iterator[Connection]:
    """Open a transaction of the owner's that sees the tables of one city."""
    with schema.owner_transaction() as connection:
        connection.exec_driver_sql(f'SET LOCAL search_path TO "{city_here().schema}", shared')
        yield connection
