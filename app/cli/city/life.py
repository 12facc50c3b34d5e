"""`parvis city suspend`, `resume` and `rename`."""

import click

from app.cli.shell import MakeApp, Value, as_json, city_called, on_platform, show
from tenants import lifecycle, names
from tenants.models import CityRecord


@click.command("suspend")
@click.argument("city")
@click.option("--reason", required=True, help="Why, in the city's language: residents read it.")
@as_json
@click.pass_obj
def suspend(make_app: MakeApp, city: str, reason: str, as_json: bool) -> None:
    """Close a city: people read why, nothing of it runs, everything is kept."""
    with on_platform(make_app):
        record = city_called(city)
        lifecycle.suspend(record, reason)
        show(_line(record), as_json=as_json)


@click.command("resume")
@click.argument("city")
@as_json
@click.pass_obj
def resume(make_app: MakeApp, city: str, as_json: bool) -> None:
    """Open a suspended city again; the work that waited for it is done."""
    with on_platform(make_app):
        record = city_called(city)
        lifecycle.resume(record)
        show(_line(record), as_json=as_json)


@click.command("rename")
@click.argument("city")
@click.option("--address", help="The first part of the host name.")
@click.option("--name", help="How people call the city.")
@as_json
@click.pass_obj
def rename(make_app: MakeApp, city: str, address: str | None, name: str | None, as_json: bool) -> None:
    """Give a city another web address, another name or both; the old address leads to the new one."""
    if address is None and name is None:
        raise click.UsageError("say what changes: --address or --name")
    with on_platform(make_app) as app:
        record = city_called(city)
        slug = names.clean(address, app.config["PARVIS"].base_domain) if address is not None else None
        lifecycle.rename(record, slug=slug, name=name)
        show(_line(record), as_json=as_json)


def _line(record: CityRecord) -> dict[str, Value]:
    changed = record.state_changed_at
    return {
        "id": record.id,
        "address": record.slug,
        "name": record.name,
        "state": record.state.value,
        "reason": record.state_reason or None,
        "since": changed.isoformat(timespec="seconds") if changed else None,
    }


COMMANDS = (suspend, resume, rename)
