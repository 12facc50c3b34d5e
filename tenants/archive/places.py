"""Put the uploads of a restored city in their place, or leave none behind.

They are written beside the cities' folders, and moved in just before the transaction that makes the city commits. The
folder under `.restoring` says that this is going on: when the process dies, the next restore or the daily sweep
removes what belongs to no city. Where a bucket keeps the files, they are written here all the same and then sent.
"""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import current_app
from sqlalchemy import text

from app.core import stores
from app.core.stores.folder import FolderStore
from tenants import operations, owner
from tenants.archive.drafts import draft
from tenants.archive.errors import Refused

STAGING = ".restoring"
FILES, BEGUN, BEFORE, SENT = "files", "begun", "before", "sent"
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
    bucket = stores.elsewhere()
    if bucket is not None:
        _send(bucket, stage, city_id)
        return
    if folder_of(city_id).exists():
        folder_of(city_id).rename(stage / BEFORE)
    stage.joinpath(FILES).rename(folder_of(city_id))


def _send(bucket: stores.Store, stage: Path, city_id: str) -> None:
    """Send the written uploads to the bucket; what a lost city has left there stays in the way."""
    if next(bucket.kept(city_id), None) is not None:
        raise Refused(f"The bucket has files of a city {city_id} that is no more: remove them first.")
    (stage / SENT).touch()
    written = FolderStore(stage)
    for one in written.kept(FILES):
        with written.open(FILES, one.name) as stream:
            bucket.put(city_id, one.name, stream, one.bytes)


def add(city_id: str, uploads: Uploads) -> int:
    """Add uploads to those of a city and return how many; none is removed."""
    bucket = stores.elsewhere()
    if bucket is None:
        folder_of(city_id).mkdir(parents=True, exist_ok=True)
        return write(folder_of(city_id), uploads)
    number = 0
    for name, pieces in uploads:
        with draft() as stream:
            stream.writelines(pieces)
            size = stream.tell()
            stream.seek(0)
            bucket.put(city_id, name, stream, size)
        number += 1
    return number


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
    bucket = stores.elsewhere()
    if not there and bucket is not None and (stage / SENT).exists():
        for one in list(bucket.kept(city_id)):
            bucket.remove(city_id, one.name)
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
