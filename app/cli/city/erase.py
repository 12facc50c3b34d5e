"""`parvis city erase`, `cancel-erasure` and `certificate`."""

import json
import re
from datetime import timedelta
from pathlib import Path

import click

from app.cli.shell import MakeApp, as_json, city_called, on_platform, show
from app.core.db import end_transaction
from tenants.erasure import certificate as certificates
from tenants.erasure import search
from tenants.erasure.erase import erase, find
from tenants.erasure.scheduling import GRACE, cancel_erasure, release, schedule_erasure
from tenants.models import CityRecord, Erasure
from tenants.models.upkeep import Json

LENGTH = re.compile(r"(\d{1,4})\s*(d|h)\Z")


class Length(click.ParamType[timedelta]):
    """A length of time such as `30d` or `12h`."""

    name = "length"

    def convert(
        self, value: object, param: click.Parameter | None, context: click.Context | None
    ) -> timedelta:
        """Return the length; anything else ends with one sentence."""
        if isinstance(value, timedelta):
            return value
        found = LENGTH.match(str(value))
        if found is None:
            self.fail(f"{value} is not a length of time; write 30d or 12h", param, context)
        number = int(found[1])
        return timedelta(days=number) if found[2] == "d" else timedelta(hours=number)


@click.command("erase")
@click.argument("city")
@click.option("--reason", default="", help="Why; whoever comes to the closed site may read it.")
@click.option("--in", "grace", type=Length(), default=GRACE, help="When: 30d (the default), 12h.")
@click.option("--now", "at_once", is_flag=True, help="At once; asks for the city's address.")
@click.option("--confirm", metavar="ADDRESS", help="The city's address, instead of being asked for it.")
@click.option("--without-export", is_flag=True, help="With --now: although nobody has exported the city.")
@click.option("--verify", is_flag=True, help="With --now: search the tables of all other cities as well.")
@as_json
@click.pass_obj
def erase_city(
    make_app: MakeApp,
    city: str,
    reason: str,
    grace: timedelta,
    at_once: bool,
    confirm: str | None,
    without_export: bool,
    verify: bool,
    as_json: bool,
) -> None:
    """Close a city and erase it for good, after a time of grace or --now.

    An erasure that was interrupted goes on with --now and the city's id.
    """
    with on_platform(make_app):
        if not at_once:
            record = city_called(city)
            schedule_erasure(record, reason=reason, grace=grace)
            show({"id": record.id, "state": record.state.value, "erased_at": _when(record)}, as_json=as_json)
            return
        unfinished = find(city)
        if unfinished is None or unfinished.erased_at is None:
            city_id = city if unfinished else _released(city, reason, confirm, without_export=without_export)
            end_transaction(keep=True)
            _print(erase(city_id, everywhere=verify or None), as_json=as_json)
        else:
            raise click.ClickException(f"{city} was erased; see: parvis city certificate {city}")


@click.command("cancel-erasure")
@click.argument("city")
@as_json
@click.pass_obj
def cancel(make_app: MakeApp, city: str, as_json: bool) -> None:
    """Keep a city whose time of grace is not over."""
    with on_platform(make_app):
        record = city_called(city)
        cancel_erasure(record)
        show({"id": record.id, "state": record.state.value}, as_json=as_json)


@click.command("certificate")
@click.argument("city_id")
@click.option(
    "--check",
    "path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Tell whether this file is the certificate, as this deployment signed it.",
)
@click.option("--search", "look", is_flag=True, help="Search everything once more, and print what was found.")
@as_json
@click.pass_obj
def certificate(make_app: MakeApp, city_id: str, path: Path | None, look: bool, as_json: bool) -> None:
    """Print the certificate of an erased city."""
    with on_platform(make_app):
        found = find(city_id)
        if found is None or found.erased_at is None:
            raise click.ClickException(f"no city {city_id} was erased here; give the id, not the address")
        if path is not None:
            _check(path, found.certificate)
        if look:
            _search(found, as_json=as_json)
            return
        _print(found.certificate, as_json=as_json)


def _released(city: str, reason: str, confirm: str | None, *, without_export: bool) -> str:
    record = city_called(city)
    typed = confirm or click.prompt(f"Everything of {record.name} goes for good. Type its address", err=True)
    release(record, reason=reason, typed=typed, without_export=without_export)
    return record.id


def _check(path: Path, signed: dict[str, Json]) -> None:
    try:
        given = json.loads(path.read_bytes())
    except ValueError as error:
        raise click.ClickException(f"{path} is not JSON: {error}") from error
    if not isinstance(given, dict) or not certificates.is_genuine(given) or given != signed:
        raise click.ClickException(f"{path} is not what this deployment signed")
    click.echo("genuine", err=True)


def _search(erasure: Erasure, *, as_json: bool) -> None:
    found = search.again(erasure)
    show(found, as_json=as_json)
    if any(found.values()):
        raise click.ClickException("something of the city is left")


def _print(signed: dict[str, Json], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(signed, ensure_ascii=False, indent=2))
    else:
        click.echo(certificates.as_text(signed), nl=False)


def _when(record: CityRecord) -> str | None:
    return record.erase_at.isoformat(timespec="seconds") if record.erase_at else None


COMMANDS = (erase_city, cancel, certificate)
