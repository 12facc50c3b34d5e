"""`parvis setup`."""

import click

from app.cli import migrate
from app.cli.shell import MakeApp
from app.core.db import end_transaction
from tenants import setup


@click.command("setup")
@click.option("--platform-only", is_flag=True, help="Leave the cities to `parvis migrate`.")
@click.pass_obj
def prepare(make_app: MakeApp, platform_only: bool) -> None:
    """Make the database ready and bring every city's tables up to date; safe to repeat."""
    with make_app().app_context():
        report = setup.prepare(click.echo, cities=not platform_only)
        end_transaction(keep=True)
    if report.planned or report.unknown:
        migrate.tell(report)
    if report.failed or report.untried:
        raise SystemExit(1)
