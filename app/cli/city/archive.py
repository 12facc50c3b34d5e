"""`parvis city export`, `restore`, `copy` and `verify`: a whole city as one file."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, cast

import click
from flask import has_app_context

from app.apex import moving
from app.cli.shell import MakeApp, Value, as_json, city_called, on_platform, show
from app.core.db import end_transaction
from app.core.errors import ServiceError
from tenants import journal
from tenants.archive import drafts, shelf
from tenants.archive import export as exporting
from tenants.archive.opened import opened
from tenants.archive.restore import Wish
from tenants.archive.zipped import PIECE

address = click.option("--address", required=True, help="Its web address below the platform's domain.")
called = click.option("--name", help="Its name; without this it keeps the one it has.")
STDIO = "-"


@click.command("export")
@click.argument("city")
@click.option("-o", "--output", default="", metavar="FILE|-", help="Where to; without this ADDRESS.zip here.")
@click.option(
    "--without-people", is_flag=True, help="Replace names and addresses, leave out what they wrote."
)
@as_json
@click.pass_obj
def export_city(make_app: MakeApp, city: str, output: str, without_people: bool, as_json: bool) -> None:
    """Write everything a city has into one archive, which can be used without Parvis as well."""
    with on_platform(make_app):
        record = city_called(city)
        city_id, target = record.id, output or f"{record.slug}.zip"
        end_transaction(keep=True)
        with _sink(target) as out:
            wish = exporting.Wish(people=not without_people)
            manifest = exporting.export(city_id, out, wish=wish, tell=_told)
        summary = shelf.summary(manifest)
        journal.note("city.exported", city_id, people=wish.people, rows=cast("int", summary["rows"]))
        for vote in manifest.bound.what if manifest.bound else ():
            _warn(
                f"{vote} is open: keep this file secret, delete it after the close and export the city again"
            )
        told: Value = {"file": target, "city": city_id, **cast("dict[str, Value]", summary)}
        if target != STDIO:
            show(told, as_json=as_json)


@click.command("restore")
@click.argument("file")
@address
@called
@click.option(
    "--empty-open-votes", is_flag=True, help="Votes that are open begin anew, with empty ballot boxes."
)
@as_json
@click.pass_obj
def restore_city(
    make_app: MakeApp, file: str, address: str, name: str | None, empty_open_votes: bool, as_json: bool
) -> None:
    """Make a city out of an archive; FILE may be - for standard input. Nothing is left when it fails."""
    with on_platform(make_app), _source(file) as archive:
        wish = Wish(empty_open_votes=empty_open_votes)
        made = moving.restored_from(archive, address=address, name=name, wish=wish, tell=_told)
        show(cast("Value", moving.told(made)), as_json=as_json)
        for host in made.domains:
            _warn(f"{host} leads to this city once its DNS record has been proven here")


@click.command("copy")
@click.argument("city")
@address
@called
@click.option("--administrator", metavar="EMAIL", help="Who can sign in to the copy as its administrator.")
@click.option("--with-people", is_flag=True, help="Keep its people; without this they are replaced.")
@as_json
@click.pass_obj
def copy_city(
    make_app: MakeApp,
    city: str,
    address: str,
    name: str | None,
    administrator: str | None,
    with_people: bool,
    as_json: bool,
) -> None:
    """Copy a city for training: its name says so, and no real person is in it or gets mails from it."""
    with on_platform(make_app):
        city_id = city_called(city).id
        end_transaction(keep=True)
        made = moving.copied(
            city_id, address=address, name=name, people=with_people, administrator=administrator, tell=_told
        )
        show(cast("Value", moving.told(made)), as_json=as_json)
        if with_people:
            _warn("the copy knows the real people of the city and can write to them")


@click.command("verify")
@click.argument("file")
@as_json
def verify(file: str, as_json: bool) -> None:
    """Check that an archive is whole and unchanged; needs no database."""
    try:
        with _source(file) as source, opened(source) as archive:
            archive.verify(_told)
            city, summary = archive.manifest.city, shelf.summary(archive.manifest)
    except ServiceError as error:
        raise click.ClickException(str(error)) from error
    told = {"whole": True, "city": city.name, "address": city.address, **summary}
    show(cast("Value", told), as_json=as_json)


@contextmanager
def _sink(target: str) -> Iterator[IO[bytes]]:
    """Give what to write to; a file appears under its name when it is whole."""
    if target == STDIO:
        yield sys.stdout.buffer
        return
    path = Path(target)
    if path.exists():
        raise click.ClickException(f"{target} is there already; choose another name with -o")
    draft = path.with_name(f".{path.name}.part")
    try:
        with draft.open("w+b") as out:
            draft.chmod(0o600)
            yield out
        draft.rename(path)
    except OSError as error:
        raise click.ClickException(f"{target} cannot be written: {error.strerror}") from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


@contextmanager
def _source(file: str) -> Iterator[Path | IO[bytes]]:
    """Give what to read from; standard input is kept in a file for as long as it takes, as zip is read from its end."""
    if file != STDIO:
        yield Path(file)
        return
    with drafts.draft() if has_app_context() else tempfile.TemporaryFile() as draft:
        while piece := sys.stdin.buffer.read(PIECE):
            draft.write(piece)
        yield draft


def _told(what: str, done: int, total: int) -> None:
    """Say on standard error how far it is: one line that changes on a terminal, one at the end elsewhere."""
    if sys.stderr.isatty():
        click.echo(f"\r\033[K{done}/{total} {what[:60]}", err=True, nl=done == total)
    elif done == total:
        click.echo(f"{what}: {total}", err=True)


def _warn(sentence: str) -> None:
    click.echo(f"Note: {sentence}.", err=True)


COMMANDS = (export_city, restore_city, copy_city, verify)
