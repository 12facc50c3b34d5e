"""The `parvis` command: thin, everything it does is a service."""

from collections.abc import Callable
from functools import cache
from importlib import import_module

import click
from flask import Flask

from app.core.db import end_transaction
from app.factory import create_app
from app.registry import modules
from tenants import setup


@click.group()
@click.pass_context
def main(context: click.Context) -> None:
    """Run Parvis from the shell."""
    context.obj = context.obj or cache(create_app)


@main.command("setup")
@click.pass_obj
def prepare(make_app: Callable[[], Flask]) -> None:
    """Make the database ready and bring every city's tables up to date; safe to repeat."""
    with make_app().app_context():
        failed = setup.prepare(click.echo)
        end_transaction(keep=True)
    if failed:
        raise click.ClickException(f"{failed} cities could not be brought up to date")


def _add_commands() -> None:
    """Add the commands of the dev stack and of every module that has some."""
    for module in modules().values():
        loaded = module.load("commands")
        if loaded is not None:
            main.add_command(loaded.group)
    try:
        main.add_command(import_module("devstack.demo.commands").group)
    except ModuleNotFoundError:
        return


_add_commands()

if __name__ == "__main__":
    main()
