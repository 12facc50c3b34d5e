"""`parvis pb blueprint`: an edition as a file that another city can take."""

from collections.abc import Callable
from datetime import date, datetime
from typing import IO

import click
from flask import Flask

from app.sdk import ServiceError, current_city, inside

from .rules.blueprint import MOST_BYTES
from .services import blueprints, editions


@click.group("blueprint")
def group() -> None:
    """Editions as blueprints."""


@group.command("export")
@click.argument("file", type=click.File("w", encoding="utf-8"), default="-")
@click.option("--city", required=True, help="Web address of the city, such as budapest.")
@click.option("--edition", required=True, help="Address of the edition in the city.")
@click.pass_obj
def export(make_app: Callable[[], Flask], file: IO[str], city: str, edition: str) -> None:
    """Write the blueprint of an edition to FILE, or to standard output."""
    try:
        with inside(make_app(), city):
            file.write(blueprints.write_blueprint(editions.called(edition)))
    except (ServiceError, LookupError) as error:
        raise click.ClickException(str(error)) from error


@group.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--city", required=True, help="Web address of the city, such as budapest.")
@click.option("--slug", required=True, help="Address of the new edition.")
@click.option("--title", required=True, help="Its title, in the city's first language.")
@click.option(
    "--begins-on", type=click.DateTime(["%Y-%m-%d"]), help="First day of its calendar; no dates without it."
)
@click.pass_obj
def take(
    make_app: Callable[[], Flask],
    file: IO[bytes],
    city: str,
    slug: str,
    *,
    title: str,
    begins_on: datetime | None,
) -> None:
    """Make an edition from the blueprint in FILE; a wrong one changes nothing and is told where."""
    first: date | None = begins_on.date() if begins_on else None
    content = file.read(MOST_BYTES + 1)
    try:
        with inside(make_app(), city):
            words = {current_city().language: title}
            blueprints.make_from(content, slug=slug, title=words, begins_on=first)
            click.echo(f"made {slug} in {city}")
    except (ServiceError, LookupError) as error:
        raise click.ClickException(str(error)) from error
