"""`parvis city rewind`."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy import URL, Connection
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from app.cli.shell import MakeApp, as_json, city_called, city_or_none, on_platform, show
from app.core.clock import now
from tenants.archive.restore import Restored
from tenants.rewind import rewind
from tenants.rewind.recovered import Backup, from_folder, recovered

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


class Moment(click.ParamType[datetime]):
    """An instant such as `2026-11-22T10:00Z`."""

    name = "moment"

    def convert(
        self, value: object, param: click.Parameter | None, context: click.Context | None
    ) -> datetime:
        """Return the instant; one without a time zone, or one to come, ends with one sentence."""
        try:
            found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value} is not a moment; write 2026-11-22T10:00Z", param, context)
        if found.tzinfo is None:
            self.fail(f"{value} has no time zone; write {value}Z for UTC, or {value}+01:00", param, context)
        if found > now():
            self.fail(f"{value} is yet to come", param, context)
        return found.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Source:
    """Where the past is to be had, as it was given on the command line."""

    url: str | None
    backup: Path | None
    wal: Path | None
    restore_command: str | None
    programs: Path | None
    scratch: Path | None


@click.command("rewind")
@click.argument("city")
@click.option("--to", "moment", type=Moment(), required=True, help="When: 2026-11-22T10:00Z.")
@click.option("--from", "url", metavar="URL", help="A server that has been recovered to that moment.")
@click.option("--backup", type=FOLDER, help="Else: a base backup as pg_basebackup made it, plain or tar,")
@click.option("--wal", type=FOLDER, help="and the folder that archive_command writes to.")
@click.option("--restore-command", help="Instead of --wal: how PostgreSQL fetches WAL.")
@click.option("--programs", type=FOLDER, help="The folder of PostgreSQL's programs, if not found.")
@click.option("--scratch", type=FOLDER, help="Where there is room for a copy of the backup.")
@click.option("--files", type=FOLDER, help="A copy of FILES_DIR from that time; else today's uploads.")
@click.option("--as", "address", default="", help="The address of the copy; else made of city and moment.")
@click.option("--replace", is_flag=True, help="Put it in the place of the city.")
@click.option(
    "--confirm", metavar="ADDRESS", help="With --replace: the city's address, instead of being asked."
)
@click.option("--empty-open-votes", is_flag=True, help="Let votes begin anew that cannot go on in a copy.")
@click.option("--although-erased", is_flag=True, help="Bring back a city that was erased.")
@as_json
@click.pass_obj
def rewind_city(
    make_app: MakeApp,
    /,
    city: str,
    moment: datetime,
    files: Path | None,
    address: str,
    replace: bool,
    confirm: str | None,
    empty_open_votes: bool,
    although_erased: bool,
    as_json: bool,
    **source: str | Path | None,
) -> None:
    """Take one city back to a moment in the past, while all others go on.

    Without --replace a second city is made to look at, suspended and unpublished.
    """
    wish = rewind.Wish(moment, files, empty_open_votes, although_erased)
    with on_platform(make_app):
        city_id = _confirmed(city, confirm) if replace else ""
        given = Source(**source)  # type: ignore[arg-type]
        with _server(given, moment) as url, rewind.other_server(url) as connection:
            click.echo("reading the city as it was", err=True)
            made = (
                _in_place(connection, city_id, wish) if replace else _beside(connection, city, wish, address)
            )
        told = asdict(made)
        show(
            {name: told[name] for name in ("id", "address", "name", "rows", "files", "emptied")},
            as_json=as_json,
        )


def _confirmed(city: str, confirm: str | None) -> str:
    record = city_called(city)
    said = confirm or click.prompt(
        f"What {record.name} has now goes for what it had then. Type its address", err=True
    )
    if said.strip().lower() != record.slug:
        raise click.ClickException(f"type the address of the city, {record.slug}, to replace it")
    return record.id


def _in_place(connection: Connection, city_id: str, wish: rewind.Wish) -> Restored:
    return rewind.in_place(connection, city_called(city_id), wish)


def _beside(connection: Connection, city: str, wish: rewind.Wish, address: str) -> Restored:
    """Find the city by its present address or id, else by the one it had then."""
    known = city_or_none(city)
    found = rewind.find(connection, known.id if known else city)
    return rewind.beside(connection, found, wish, address=address)


@contextmanager
def _server(given: Source, moment: datetime) -> Iterator[URL]:
    """Yield the address of a server with the past: the one that was named, or one made of the backup."""
    if given.url:
        yield _address(given.url)
        return
    command = given.restore_command or (from_folder(given.wal) if given.wal else None)
    if given.backup is None or command is None:
        raise click.UsageError("name a recovered server with --from, or a backup with --backup and --wal")
    click.echo("recovering the backup", err=True)
    backup = Backup(given.backup, command, given.programs, given.scratch)
    with recovered(backup, moment) as url:
        yield url


def _address(url: str) -> URL:
    try:
        return make_url(url)
    except ArgumentError as error:
        raise click.ClickException("--from is not the address of a database") from error


COMMANDS = (rewind_city,)
