"""`parvis search rebuild`: make what can be found anew, in one city or in all."""

import click
from flask import Flask
from sqlalchemy import select

from app.cli.shell import MakeApp
from app.core.db import db, end_transaction
from app.web.search import rebuild
from tenants.inside import inside
from tenants.models import CityRecord, CityState


@click.group("search")
def group() -> None:
    """Look after what residents can find."""


@group.command("rebuild")
@click.argument("city", required=False)
@click.pass_obj
def rebuild_entries(make_app: MakeApp, city: str | None) -> None:
    """Make the entries of CITY anew, or of every live city, each in a transaction of its own."""
    app = make_app()
    for slug in [city] if city else _live(app):
        try:
            with inside(app, slug):
                number = rebuild()
        except LookupError as error:
            raise click.ClickException(str(error)) from error
        click.echo(f"{slug}: {number} entries")


def _live(app: Flask) -> list[str]:
    with app.app_context():
        found = select(CityRecord.slug).where(CityRecord.state == CityState.LIVE).order_by(CityRecord.slug)
        slugs = list(db.session.scalars(found))
        end_transaction(keep=False)
    return slugs
