"""Large files on their way: in the folder of exports, as the folder for temporary files may lie in memory."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from flask import current_app


@contextmanager
def draft() -> Iterator[IO[bytes]]:
    """Give a file without a name: it goes with the block, and with the process."""
    with tempfile.TemporaryFile(dir=folder()) as out:
        yield out


def folder() -> Path:
    """Return the folder of exports; nobody else on the machine may look into it."""
    found: Path = current_app.config["PARVIS"].exports_dir
    found.mkdir(parents=True, exist_ok=True, mode=0o700)
    return found
