"""Put the uploads of a restored city in their place, or leave none behind.

They are written beside the cities' folders, and moved in just before the transaction that makes the city commits. The
folder under `.restoring` says that this is going on: when the process dies, the next restore or the daily sweep
removes what belongs to no city.
"""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import current_app
from sqlalchemy import text

from tenants import operations, owner
from tenants.archive.errors import Refused

STAGING = ".restoring"
FILES, BEGUN, BEFORE = "files", "begun", "before"
Uploads = Iterable[tuple[str, Iterator[bytes]]]


@contextmanager
def staged(city_id: str) -> Iterator[Path]:
    """Give a folder to write the uploads of a city to that is being made; nothing stays of it when the block fails."""
    with operations.alone(_lock(city_id)) as first:
        if not first:
            raise Refused("This city is being restored at this moment.")
        stage = _root() / STAGING / city_id
        (stage / FILES).mkdir(parents=True)
        (stage / BEGUN).touch()
        try:
            yield stage
        finally:
            _clear(city_id)


def write(folder: Path, uploads: Uploads) -> int:
    """Write uploads into a folder and return how many; each appears whole or not at all."""
    number = 0
    for name, pieces in uploads:
        path = folder.joinpath(*name.split("/"))
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}")
        with draft.open("wb") as out:
            for piece in pieces:
                out.write(piece)
        draft.rename(path)
        number += 1
    return number


def move_in(stage: Path, city_id: str) -> None:
    """Make the written uploads those of the city; what a lost city has left under its id is put aside until then."""
    if folder_of(city_id).exists():
        folder_of(city_id).rename(stage / BEFORE)
    stage.joinpath(FILES).rename(folder_of(city_id))


def folder_of(city_id: str) -> Path:
    """Return the folder that holds the uploads of one city."""
    return _root() / city_id


def sweep() -> int:
    """Remove what killed restores have left and return how many those were."""
    folder, number = _root() / STAGING, 0
    for stage in sorted(folder.iterdir()) if folder.is_dir() else ():
        with operations.alone(_lock(stage.name)) as first:
            if first:
                _clear(stage.name)
                number += 1
    return number


def _clear(city_id: str) -> None:
    """Remove the stage; when no city has come of it, the folder is again what it was before."""
    stage, folder = _root() / STAGING / city_id, folder_of(city_id)
    with owner.transaction() as connection:
        there = connection.scalar(text("SELECT 1 FROM platform.city WHERE id = :id"), {"id": city_id})
    moved_in = (stage / BEGUN).exists() and not (stage / FILES).exists()
    if not there and moved_in:
        shutil.rmtree(folder, ignore_errors=True)
    if not there and (stage / BEFORE).exists():
        (stage / BEFORE).rename(folder)
    shutil.rmtree(stage, ignore_errors=True)


def _lock(city_id: str) -> str:
    return f"restore {city_id}"


def _root() -> Path:
    root: Path = current_app.config["PARVIS"].files_dir
    return root
