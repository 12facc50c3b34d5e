"""`parvis setup`."""

import click

from app.cli import migrate
from app.cli.shell import MakeApp
from app.core.db import end_transaction
from tenants import setup


@click.command("setup")
@click.pass_obj
def prepare(make_app: MakeApp) -> None:
    """Make the database ready and bring every city's tables up to date; safe to repeat."""
    with make_app().app_context():
        report = setup.prepare(click.echo)
        end_transaction(keep=True)
    migrate.tell(report)
    if report.failed:
        raise SystemExit(1)
