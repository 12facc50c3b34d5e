"""Files of a city: uploads, and archives of it that are still kept."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import current_app

from app.core import stores
from app.core.stores.kept import Kept
from tenants.erasure.marks import Marks


@dataclass(frozen=True, slots=True)
class Files:
    """How many files, and how many bytes they have."""

    number: int = 0
    bytes: int = 0

    def __add__(self, other: "Files") -> "Files":
        return Files(self.number + other.number, self.bytes + other.bytes)


def inventory(marks: Marks) -> Files:
    """Return how much there is of the city."""
    here = sum((_size(place) for place in places(marks)), Files())
    return sum((Files(1, one.bytes) for one in sent(marks)), here)


def remove(marks: Marks) -> None:
    """Delete every file and folder that is named after the city."""
    for place in list(places(marks)):
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place)
        else:
            place.unlink(missing_ok=True)
    bucket = stores.elsewhere()
    if bucket is not None:
        for one in list(sent(marks)):
            bucket.remove(marks.city_id, one.name)


def sent(marks: Marks) -> Iterator[Kept]:
    """Yield what a bucket keeps of the city; nothing where files lie in folders."""
    bucket = stores.elsewhere()
    if bucket is not None:
        yield from bucket.kept(marks.city_id)


def places(marks: Marks) -> Iterator[Path]:
    """Yield the outermost files and folders whose names have the city's id in them."""
    config = current_app.config["PARVIS"]
    yield from _named(config.files_dir, marks)
    if not config.exports_dir.is_relative_to(config.files_dir):
        yield from _named(config.exports_dir, marks)


def _named(folder: Path, marks: Marks) -> Iterator[Path]:
    if not folder.is_dir():
        return
    for place in sorted(folder.iterdir()):
        if marks.stand_in(place.name):
            yield place
        # The other folders with plain names are those of other cities, and may be large.
        elif place.name.startswith(".") and place.is_dir() and not place.is_symlink():
            yield from _named(place, marks)


def _size(place: Path) -> Files:
    if place.is_dir() and not place.is_symlink():
        return sum((_size(inner) for inner in place.iterdir()), Files())
    return Files(1, place.lstat().st_size)
