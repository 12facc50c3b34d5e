"""The `parvis` command: thin, everything it does is a service."""

from functools import cache
from importlib import import_module

import click

from app.cli import audit, city, doctor, errors, mail, migrate, operator, search, setup
from app.factory import create_app
from app.registry import modules


@click.group()
@click.pass_context
def main(context: click.Context) -> None:
    """Run Parvis from the shell."""
    context.obj = context.obj or cache(create_app)


def _add_commands() -> None:
    """Add our own commands, those of the dev stack and those of every module that has some."""
    main.add_command(setup.prepare)
    main.add_command(migrate.command)
    main.add_command(doctor.command)
    main.add_command(errors.group)
    main.add_command(audit.group)
    main.add_command(city.group)
    main.add_command(operator.group)
    main.add_command(mail.group)
    main.add_command(search.group)
    for module in modules().values():
        loaded = module.load("commands")
        if loaded is not None:
            main.add_command(loaded.group)
    try:
        main.add_command(import_module("devstack.demo.commands").group)
    except ModuleNotFoundError:
        return


_add_commands()
