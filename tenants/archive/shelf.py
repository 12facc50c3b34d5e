"""Exports that wait to be fetched: under names nobody can guess, for a week."""

import re
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from app.core.clock import now
from app.core.errors import NotFound
from app.core.i18n import gettext as _
from app.core.ids import new_secret
from tenants.archive import export as exporting
from tenants.archive.drafts import folder
from tenants.archive.export import Wish
from tenants.archive.manifest import Manifest
from tenants.archive.progress import Tell, nobody
from tenants.archive.zipped import PIECE
from tenants.models.upkeep import Json

KEPT = timedelta(days=7)
DRAFTS_KEPT = timedelta(days=1)
UPLOADED = "upload"
NAME = re.compile(r"[a-z][a-z0-9]{0,19}-[A-Za-z0-9_-]{43}\.zip\Z")


def make(city_id: str, wish: Wish, tell: Tell = nobody) -> dict[str, Json]:
    """Export a city onto the shelf and return what the operation says of it: file, size, when it goes."""
    name = f"{city_id}-{new_secret()}.zip"
    draft = folder() / f".{name}"
    try:
        with draft.open("w+b") as out:
            draft.chmod(0o600)
            manifest = exporting.export(city_id, out, wish=wish, tell=tell)
        draft.rename(folder() / name)
    finally:
        draft.unlink(missing_ok=True)
    return {"file": name, "bytes": (folder() / name).stat().st_size, **summary(manifest), "until": _until()}


def take_in(stream: IO[bytes]) -> str:
    """Put an archive that somebody brings onto the shelf, unread, and return its name."""
    name = f"{UPLOADED}-{new_secret()}.zip"
    draft = folder() / f".{name}"
    try:
        with draft.open("wb") as out:
            draft.chmod(0o600)
            shutil.copyfileobj(stream, out, PIECE)
        draft.rename(folder() / name)
    finally:
        draft.unlink(missing_ok=True)
    return name


def path_of(name: str, *, city_id: str | None = None) -> Path:
    """Return where an export lies; raises NotFound when its time is over, or when it is not of `city_id`."""
    path = folder() / name
    mine = city_id is None or name.startswith(f"{city_id}-")
    if not NAME.match(name) or not mine or not path.is_file() or _age(path) > KEPT:
        raise NotFound(_("This export is no longer kept. Ask for a new one."))
    return path


def forget(city_id: str) -> int:
    """Delete every export of a city and return how many those were."""
    return _remove(
        path for path in folder().glob(f"*{city_id}-*.zip") if path.name.lstrip(".").startswith(city_id)
    )


def forget_one(name: str) -> None:
    """Delete one export; does nothing when it has gone."""
    if NAME.match(name):
        (folder() / name).unlink(missing_ok=True)


def forget_old() -> int:
    """Delete exports whose time is over, and drafts of killed ones."""
    everything = [(path, DRAFTS_KEPT if path.name.startswith(".") else KEPT) for path in folder().iterdir()]
    return _remove(path for path, kept in everything if _age(path) > kept)


def summary(manifest: Manifest) -> dict[str, Json]:
    """Return what people want to know of an export."""
    return {
        "rows": sum(table.rows for table in manifest.tables),
        "files": sum(name.startswith("files/") for name in manifest.members),
        "open_votes": list(manifest.bound.what) if manifest.bound else [],
    }


def _remove(paths: Iterator[Path]) -> int:
    number = 0
    for path in paths:
        path.unlink(missing_ok=True)
        number += 1
    return number


def _age(path: Path) -> timedelta:
    return timedelta(seconds=now().timestamp() - path.stat().st_mtime)


def _until() -> str:
    moment: datetime = now() + KEPT
    return moment.isoformat(timespec="seconds")
