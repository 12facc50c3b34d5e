"""`python -m devstack.prepare FILE`: tables, demo cities, and the sign-ins into FILE.

The three are one process, since most of their time is the start of the application.
"""

import contextlib
import sys
from pathlib import Path

import click

from app.cli import main as parvis
from app.factory import create_app

from .terminal import step


def prepare(sign_ins: Path) -> None:
    """Run the product's own commands one after the other in one application."""
    app = create_app()

    def run(*words: str) -> None:
        parvis.main(list(words), prog_name="parvis", standalone_mode=False, obj=lambda: app)

    with step("Tables are up to date"):
        run("setup")
    with step("Demo cities are there"):
        run("demo", "load")
    with sign_ins.open("w") as file, contextlib.redirect_stdout(file):
        run("demo", "sign-ins")


if __name__ == "__main__":
    try:
        prepare(Path(sys.argv[1]))
    except click.ClickException as error:
        error.show()
        sys.exit(1)
