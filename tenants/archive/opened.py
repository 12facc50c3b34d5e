"""An archive that somebody brings: checked before anything in it is believed."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tenants.archive import manifest
from tenants.archive.errors import Unusable
from tenants.archive.manifest import Manifest
from tenants.archive.progress import Tell, nobody
from tenants.archive.zipped import MANIFEST, SUMS, Reader, sum_of

MOST_SUMS = 64 << 20
_LINE = re.compile(r"([0-9a-f]{64})  (\S{1,400})\Z")


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive whose structure is sound; `verify` also looks at every byte."""

    reader: Reader
    manifest: Manifest

    def verify(self, tell: Tell = nobody) -> None:
        """Raise Unusable unless every member is there, none is too many, and all are what their checksums say."""
        sums, members = self._sums(), self.manifest.members
        names = set(self.reader.names())
        _must_be_same(names - {SUMS}, set(sums), SUMS)
        _must_be_same(names - {SUMS, MANIFEST}, set(members), MANIFEST)
        if sum_of(self.reader.pieces(MANIFEST)) != sums[MANIFEST]:
            raise Unusable(
                f"{MANIFEST} is not what its checksum says: the archive is damaged or was changed."
            )
        for place, (name, expected) in enumerate(members.items()):
            tell(name, place, len(members))
            if sums[name] != expected.sha256:
                raise Unusable(f"{SUMS} and {MANIFEST} do not say the same of {name}.")
            for _piece in self.reader.pieces(name, expected):
                pass
        self._check_heads()
        tell("verified", len(members), len(members))

    def table(self, name: str) -> Iterator[bytes]:
        """Yield the rows of a table as they are in the archive; raises Unusable at the end when they are not sound."""
        return self._pieces(f"tables/{name}.csv")

    def files(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Yield the path and the content of every upload."""
        for name in self.manifest.members:
            if name.startswith("files/"):
                yield name.removeprefix("files/"), self._pieces(name)

    def _pieces(self, name: str) -> Iterator[bytes]:
        expected = self.manifest.members.get(name)
        if expected is None:
            raise Unusable(f"{name} is missing from the archive.")
        return self.reader.pieces(name, expected)

    def _sums(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for line in self.reader.whole(SUMS, MOST_SUMS).decode("ascii", "replace").splitlines():
            match = _LINE.match(line)
            if match is None:
                raise Unusable(f"{SUMS} cannot be read.")
            found[match[2]] = match[1]
        return found

    def _check_heads(self) -> None:
        """Raise Unusable unless each table has a file whose first line names its columns, and each file a table."""
        named = {f"tables/{table.name}.{end}" for table in self.manifest.tables for end in ("csv", "json")}
        if strange := [
            name for name in self.manifest.members if name.startswith("tables/") and name not in named
        ]:
            raise Unusable(f"{strange[0]} belongs to no table that {MANIFEST} names.")
        for table in self.manifest.tables:
            head = b""
            for piece in self.table(table.name):
                head = piece.partition(b"\n")[0]
                break
            if head.decode("utf-8", "replace").rstrip("\r") != ",".join(table.columns):
                raise Unusable(
                    f"tables/{table.name}.csv does not begin with the columns that {MANIFEST} names."
                )


@contextmanager
def opened(file: Path | IO[bytes]) -> Iterator[Archive]:
    """Open an archive; raises Unusable."""
    if isinstance(file, Path):
        try:
            with file.open("rb") as stream:
                yield _open(stream)
        except FileNotFoundError as error:
            raise Unusable(f"There is no file {file}.") from error
        return
    yield _open(file)


def _open(stream: IO[bytes]) -> Archive:
    reader = Reader(stream)
    return Archive(reader, manifest.parse(reader.whole(MANIFEST, manifest.MOST_BYTES)))


def _must_be_same(found: set[str], told: set[str], by: str) -> None:
    if missing := sorted(told - found):
        raise Unusable(f"{missing[0]} is missing from the archive.")
    if unknown := sorted(found - told):
        raise Unusable(f"{unknown[0]} is in the archive and {by} does not name it.")
