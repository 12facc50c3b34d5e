"""`parvis city list` and `parvis city show`."""

import click
from sqlalchemy import select

from app.cli.shell import MakeApp, Value, as_json, city_called, on_platform, show
from app.core.db import db
from tenants.models import CityRecord, CityState, ModuleToggle


@click.command("list")
@click.option("--state", type=click.Choice([state.value for state in CityState]), help="Only these.")
@as_json
@click.pass_obj
def list_cities(make_app: MakeApp, state: str | None, as_json: bool) -> None:
    """List the cities."""
    with on_platform(make_app):
        found = select(CityRecord).order_by(CityRecord.slug)
        if state:
            found = found.where(CityRecord.state == CityState(state))
        show([_line(city) for city in db.session.scalars(found)], as_json=as_json)


@click.command("show")
@click.argument("city")
@as_json
@click.pass_obj
def show_city(make_app: MakeApp, city: str, as_json: bool) -> None:
    """Show what the platform knows of a city."""
    with on_platform(make_app):
        record = city_called(city)
        on = select(ModuleToggle.module).where(ModuleToggle.city_id == record.id, ModuleToggle.on)
        modules = list(db.session.scalars(on.order_by(ModuleToggle.module)))
        show({**_line(record), "languages": record.languages, "modules": modules}, as_json=as_json)


def _line(city: CityRecord) -> dict[str, Value]:
    return {
        "id": city.id,
        "address": city.slug,
        "name": city.name,
        "state": city.state.value,
        "published": city.published,
        "created": city.created_at.isoformat(timespec="seconds"),
    }


COMMANDS = (list_cities, show_city)
