"""What the commands share: work on the platform as the shell's user, find a city, print for people or for programs."""

import getpass
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import click
from flask import Flask

from app.core.context import Actor, acting
from app.core.db import db, end_transaction
from app.core.errors import ServiceError
from tenants.models import CityRecord

MakeApp = Callable[[], Flask]
Value = str | int | float | bool | None | Sequence["Value"] | Mapping[str, "Value"]
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")


@contextmanager
def on_platform(make_app: MakeApp) -> Iterator[Flask]:
    """Work on the platform's own tables in one transaction; what a service refuses is said in one sentence."""
    app = make_app()
    kept = False
    with app.app_context(), acting(Actor("shell", name=getpass.getuser())):
        try:
            yield app
            kept = True
        except ServiceError as error:
            raise click.ClickException(str(error)) from error
        finally:
            end_transaction(keep=kept)


def city_or_none(name: str) -> CityRecord | None:
    """Return the city with this id or web address, in whatever state, or None; no address leads past another's id."""
    named = (CityRecord.id == name) | (CityRecord.slug == name)
    return db.session.query(CityRecord).filter(named).order_by((CityRecord.id == name).desc()).first()


def city_called(name: str) -> CityRecord:
    """Return the city with this web address or id, in whatever state; ends with one sentence when there is none."""
    found = city_or_none(name)
    if found is None:
        raise click.ClickException(f"there is no city called {name}")
    return found


def show(value: Value, *, as_json: bool) -> None:
    """Print a mapping or a list of them: as JSON, or as aligned lines."""
    if as_json:
        click.echo(json.dumps(value, ensure_ascii=False, indent=2))
    elif isinstance(value, Mapping):
        _columns([(key, _plain(item)) for key, item in value.items()])
    elif isinstance(value, Sequence) and not isinstance(value, str):
        rows = [row for row in value if isinstance(row, Mapping)]
        heads = list(rows[0]) if rows else []
        _columns([heads, *([_plain(row.get(head)) for head in heads] for row in rows)])
    else:
        click.echo(_plain(value))


def _columns(rows: Sequence[Sequence[str]]) -> None:
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _plain(value: Value) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
