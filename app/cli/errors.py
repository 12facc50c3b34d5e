"""`parvis errors …`: what went wrong and nobody foresaw."""

import click

from app.cli.shell import MakeApp, Value, as_json, on_platform, show
from tenants import failures
from tenants.models import Failure


@click.group("errors")
def group() -> None:
    """Look up errors that people report by a reference; they are kept for a month."""


@group.command("list")
@as_json
@click.pass_obj
def list_errors(make_app: MakeApp, as_json: bool) -> None:
    """List the errors that happened last."""
    with on_platform(make_app):
        lines = [{k: v for k, v in _line(one).items() if k != "trace"} for one in failures.newest()]
        if lines or as_json:
            show(lines, as_json=as_json)
        else:
            click.echo("No errors in the last month.")


@group.command("show")
@click.argument("reference")
@as_json
@click.pass_obj
def show_error(make_app: MakeApp, reference: str, as_json: bool) -> None:
    """Show one error: where in the code, for which city, how often."""
    with on_platform(make_app):
        found = failures.find(reference)
        if found is None:
            raise click.ClickException(f"there is no error with the reference {reference}")
        line = _line(found)
        if as_json:
            show(line, as_json=True)
            return
        trace = line.pop("trace")
        show(line, as_json=False)
        click.echo(f"\n{trace}")


def _line(one: Failure) -> dict[str, Value]:
    return {
        "reference": one.reference,
        "last": one.last_at.isoformat(timespec="seconds"),
        "first": one.first_at.isoformat(timespec="seconds"),
        "count": one.count,
        "city": one.city_id,
        "place": one.place,
        "kind": one.kind,
        "request": one.request_id,
        "trace": one.trace,
    }
