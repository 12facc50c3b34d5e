"""`parvis city …`: what operators do to one city from the shell."""

import click

from app.cli.city import addresses, archive, erase, life, look, quotas, rewind, rolls, signup


@click.group("city")
def group() -> None:
    """Look after cities; CITY is a web address or an id, and every command prints JSON with --json."""


for _part in (look, life, addresses, erase, archive, rewind, quotas, rolls, signup):
    for _command in _part.COMMANDS:
        group.add_command(_command)
