"""`parvis city quota` and `parvis city usage`."""

from collections.abc import Mapping

import click

from app.cli.shell import MakeApp, Value, as_json, city_called, on_platform, show
from app.core.clock import now
from app.core.quotas import Resource, Use
from tenants import quotas, usage
from tenants.models import Usage

RESOURCES = [resource.value for resource in Resource]


@click.command("quota")
@click.argument("city")
@click.argument("resource", type=click.Choice(RESOURCES), required=False)
@click.argument("number", required=False)
@as_json
@click.pass_obj
def quota(make_app: MakeApp, city: str, resource: str | None, number: str | None, as_json: bool) -> None:
    """Show what a city may use, or let it use another NUMBER of a RESOURCE; `default` is what every city has.

    storage is in megabytes, mails are for a day, requests for a minute.
    """
    with on_platform(make_app):
        record = city_called(city)
        if resource is not None:
            quotas.put(record.id, Resource(resource), _number(number))
        given = quotas.differing(record.id)
        show([_line(use, given) for use in quotas.uses_of(record.id)], as_json=as_json)


@click.command("usage")
@click.argument("city", required=False)
@click.option(
    "--days", default=30, show_default=True, type=click.IntRange(1, 400), help="How many days back."
)
@as_json
@click.pass_obj
def city_usage(make_app: MakeApp, city: str | None, days: int, as_json: bool) -> None:
    """Show what a city did day by day; without CITY, what each city did today, the busiest first."""
    with on_platform(make_app):
        if city is None:
            show([_day(row) for row in usage.on(now().date())], as_json=as_json)
        else:
            show([_day(row) for row in usage.of_city(city_called(city).id, days)], as_json=as_json)


def _number(text: str | None) -> int | None:
    if text == "default":
        return None
    if text is None or not text.isdecimal():
        raise click.ClickException("say how much: a whole number, or the word default")
    return int(text)


def _line(use: Use, given: Mapping[str, int]) -> dict[str, Value]:
    return {
        "resource": use.resource.value,
        "used": use.used,
        "most": use.most,
        "percent": use.percent,
        "default": use.resource.value not in given,
    }


def _day(row: Usage) -> dict[str, Value]:
    return {
        "city": row.city_id,
        "day": row.day.isoformat(),
        "requests": row.requests,
        "errors": row.errors,
        "mails": row.mails,
    }


COMMANDS = (quota, city_usage)
