"""Files in folders of this machine, or of a disk that all machines of the deployment share: one folder a city."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from app.core.stores.kept import Kept


class FolderStore:
    """One folder below `root` for each city, named by its id."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, city_id: str, name: str, stream: IO[bytes], size: int) -> None:
        """Write a draft beside the place and rename it."""
        path = self._path(city_id, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}")
        with draft.open("wb") as out:
            shutil.copyfileobj(stream, out, 1 << 16)
        if draft.stat().st_size != size:
            draft.unlink()
            raise OSError(f"{size} bytes were to be kept, and others came")
        draft.rename(path)

    def open(self, city_id: str, name: str) -> IO[bytes]:
        """Open the file."""
        return self._path(city_id, name).open("rb")

    def has(self, city_id: str, name: str) -> bool:
        """Look whether the file is there."""
        return self._path(city_id, name).is_file()

    def move(self, city_id: str, name: str, to: str) -> None:
        """Rename the file."""
        target = self._path(city_id, to)
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._path(city_id, name).rename(target)
        except FileNotFoundError:
            return

    def remove(self, city_id: str, name: str) -> None:
        """Delete the file; an empty folder may stay."""
        self._path(city_id, name).unlink(missing_ok=True)

    def kept(self, city_id: str) -> Iterator[Kept]:
        """Walk the city's folder."""
        yield from _walk(self.root / city_id, "")

    def _path(self, city_id: str, name: str) -> Path:
        path = self.root / city_id / name
        if not name or "\0" in name or ".." in path.parts or not path.is_relative_to(self.root / city_id):
            raise FileNotFoundError("no name of a city's file")
        return path


def _walk(folder: Path, above: str) -> Iterator[Kept]:
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        if path.is_symlink():
            continue
        if path.is_dir():
            yield from _walk(path, f"{above}{path.name}/")
            continue
        try:
            found = path.stat()
        except FileNotFoundError:
            # It may go while we look.
            continue
        yield Kept(f"{above}{path.name}", found.st_size, datetime.fromtimestamp(found.st_mtime, UTC))
