"""`parvis operator …`: who runs the platform."""

import click
from flask import current_app

from app.accounts.operators import people
from app.cli.shell import MakeApp, Value, as_json, on_platform, show
from tenants.models import Operator


@click.group("operator")
def group() -> None:
    """Say who runs the platform; every command prints JSON with --json."""


@group.command("add")
@click.argument("email")
@click.option(
    "--name", required=True, help="What the operator is called; cities read it in their audit logs."
)
@as_json
@click.pass_obj
def add(make_app: MakeApp, email: str, name: str, as_json: bool) -> None:
    """Name an operator and print the link to come in: it works once, for 24 hours."""
    with on_platform(make_app):
        operator, secret = people.add(email, name)
        _show_link(operator, secret, as_json=as_json)


@group.command("list")
@as_json
@click.pass_obj
def list_operators(make_app: MakeApp, as_json: bool) -> None:
    """List the operators."""
    with on_platform(make_app):
        show([_line(operator) for operator in people.everybody()], as_json=as_json)


@group.command("disable")
@click.argument("email")
@as_json
@click.pass_obj
def disable(make_app: MakeApp, email: str, as_json: bool) -> None:
    """Lock an operator out: sessions and visits end at once."""
    with on_platform(make_app):
        show(_line(people.disable(email)), as_json=as_json)


@group.command("reset")
@click.argument("email")
@as_json
@click.pass_obj
def reset(make_app: MakeApp, email: str, as_json: bool) -> None:
    """Take password and second factor from an operator and print a new link; one who was locked out may come back."""
    with on_platform(make_app):
        operator, secret = people.reset(email)
        _show_link(operator, secret, as_json=as_json)


def _show_link(operator: Operator, secret: str, *, as_json: bool) -> None:
    config = current_app.config["PARVIS"]
    link = config.url(config.base_domain, f"/operators/join/{secret}")
    show({**_line(operator), "link": link}, as_json=as_json)


def _line(operator: Operator) -> dict[str, Value]:
    return {
        "email": operator.email,
        "name": operator.name,
        "state": _state(operator),
        "created": operator.created_at.isoformat(timespec="seconds"),
    }


def _state(operator: Operator) -> str:
    if operator.disabled_at is not None:
        return "disabled"
    return "active" if people.is_enrolled(operator) else "invited"
