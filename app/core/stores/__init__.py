"""Where the files of cities are kept: each city's apart, on a disk or in a bucket, behind the same few verbs."""

from collections.abc import Iterator
from importlib import import_module
from typing import IO, Protocol
from urllib.parse import urlsplit

from flask import Flask, current_app

from app.core.stores.folder import FolderStore
from app.core.stores.kept import Kept

UPLOADS = "uploads"
"""Below it lie files as people sent them; pictures lie beside it, under names made from their content."""
QUARANTINE = ".quarantine"
"""Where files lie that a scanner has found infected; like all that begins with a dot, no export has it."""


class Store(Protocol):
    """Keeps files by city and name; a name may have folders in it."""

    def put(self, city_id: str, name: str, stream: IO[bytes], size: int) -> None:
        """Keep what the stream holds, whole or not at all; a file of that name is replaced."""

    def open(self, city_id: str, name: str) -> IO[bytes]:
        """Return the file to read and close; raises FileNotFoundError."""

    def has(self, city_id: str, name: str) -> bool:
        """Tell whether there is such a file."""

    def move(self, city_id: str, name: str, to: str) -> None:
        """Give a file another name; nothing happens when it has gone."""

    def remove(self, city_id: str, name: str) -> None:
        """Delete a file; nothing happens when it has gone."""

    def kept(self, city_id: str) -> Iterator[Kept]:
        """Yield all files of a city, those in quarantine too, in no order."""


def install(app: Flask) -> None:
    """Give the application the store that its configuration names; a bucket is asked for nothing yet."""
    config = app.config["PARVIS"]
    app.extensions["parvis_store"] = (
        open_bucket(config.files_url) if config.files_url else FolderStore(config.files_dir)
    )


def open_bucket(url: str) -> Store:
    """Return the store in a bucket: `s3://key:secret@host/bucket?region=…`; raises ValueError for another address."""
    if urlsplit(url).scheme != "s3":
        raise ValueError("FILES_URL begins with file:/// or s3://")
    # Its client takes a quarter of a second to load, and most deployments keep files on a disk.
    made: Store = import_module("app.core.stores.bucket").BucketStore.at(url)
    return made


def store() -> Store:
    """Return the deployment's store."""
    found: Store = current_app.extensions["parvis_store"]
    return found


def elsewhere() -> Store | None:
    """Return the store when it is not a folder of this machine, which those who work with folders need to know."""
    found = store()
    return None if isinstance(found, FolderStore) else found


def bytes_of(city_id: str) -> int:
    """Return how much a city keeps."""
    return sum(one.bytes for one in store().kept(city_id))
