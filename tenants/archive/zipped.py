"""The archive as a file: a zip without compression, the same bytes for the same content wherever it is written.

Nothing is compressed, as compressors differ from machine to machine and a file that cannot grow cannot be a bomb.
"""

import hashlib
import re
import stat
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO
from zipfile import ZIP_STORED, BadZipFile, LargeZipFile, ZipFile, ZipInfo

from tenants.archive.errors import Unusable

MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
PIECE = 1 << 20
# What zipfile raises for files that are damaged, or made to look so.
DAMAGES = (BadZipFile, LargeZipFile, EOFError, OSError, ValueError, RuntimeError, struct.error)
UNIX, PLAIN_FILE = 3, (stat.S_IFREG | 0o644) << 16
ENCRYPTED = 1
MOST_NAME = 400
# About 400,000 members.
MOST_DIRECTORY = 64 << 20
LONG = 0xFFFFFFFF
_END, _LONG_END, _LOCATOR_BYTES = struct.Struct("<4s4H2LH"), struct.Struct("<4sQ2H2L4Q"), 20
_STEP = r"[A-Za-z0-9_][A-Za-z0-9._-]{0,120}"
NAME = re.compile(rf"(?:README\.md|schema\.sql|load\.sql|{SUMS}|{re.escape(MANIFEST)}"
                  rf"|tables/[a-z][a-z0-9_]{{0,62}}\.(?:csv|json)|files/{_STEP}(?:/{_STEP}){{0,4}})\Z")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sum:
    """How many bytes one member has, and its SHA-256 in hex."""

    length: int
    sha256: str


@dataclass(slots=True)
class Sink:
    """Takes the bytes of one member."""

    out: IO[bytes]
    length: int = 0
    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def write(self, piece: bytes | memoryview) -> None:
        """Write a piece."""
        self.out.write(piece)
        self.digest.update(piece)
        self.length += len(piece)


class Writer:
    """Writes members in the order they come, inside a `with`; `sums` has what was written."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._zip = ZipFile(stream, "w", ZIP_STORED, allowZip64=True)
        self.sums: dict[str, Sum] = {}

    def __enter__(self) -> "Writer":
        return self

    def __exit__(self, *_error: object) -> None:
        self._zip.close()

    @contextmanager
    def member(self, name: str) -> Iterator[Sink]:
        """Write one member inside the block."""
        info = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
        info.create_system, info.external_attr = UNIX, PLAIN_FILE
        with self._zip.open(info, "w", force_zip64=True) as out:
            sink = Sink(out)
            yield sink
        self.sums[name] = Sum(sink.length, sink.digest.hexdigest())

    def add(self, name: str, content: str) -> None:
        """Write a short member."""
        with self.member(name) as sink:
            sink.write(content.encode())

    def add_sums(self) -> None:
        """Write the checksums of everything that has been written."""
        self.add(SUMS, "".join(f"{self.sums[name].sha256}  {name}\n" for name in sorted(self.sums)))


class Reader:
    """Reads an archive that anybody may have made; raises Unusable for everything we never write."""

    def __init__(self, stream: IO[bytes]) -> None:
        length = stream.seek(0, 2)
        _check_directory(stream, length)
        try:
            self._zip = ZipFile(stream)
        except DAMAGES as error:
            raise Unusable("This file is no zip archive, or its end is missing.") from error
        self._members: dict[str, ZipInfo] = {}
        for info in self._zip.infolist():
            _check(info)
            if info.filename in self._members:
                raise Unusable(f"{info.filename} is in the archive twice.")
            self._members[info.filename] = info
        if sum(info.file_size for info in self._members.values()) > length:
            raise Unusable("The archive says that it holds more than the file is long.")

    def names(self) -> list[str]:
        """Return the names of all members, in order."""
        return sorted(self._members)

    def size(self, name: str) -> int:
        """Return how many bytes a member has; raises Unusable when it is missing."""
        if name not in self._members:
            raise Unusable(f"{name} is missing from the archive.")
        return self._members[name].file_size

    def pieces(self, name: str, expected: Sum | None = None) -> Iterator[bytes]:
        """Yield a member piece by piece; raises Unusable at the end when it is not what was `expected`."""
        size, digest = self.size(name), hashlib.sha256()
        try:
            with self._zip.open(self._members[name]) as stream:
                while piece := stream.read(PIECE):
                    digest.update(piece)
                    yield piece
        except DAMAGES as error:
            raise Unusable(f"{name} is damaged.") from error
        if expected is not None and expected != Sum(size, digest.hexdigest()):
            raise Unusable(f"{name} is not what its checksum says: the archive is damaged or was changed.")

    def whole(self, name: str, most: int) -> bytes:
        """Return a member of at most `most` bytes."""
        if self.size(name) > most:
            raise Unusable(f"{name} is larger than it can be.")
        return b"".join(self.pieces(name))


def sum_of(pieces: Iterator[bytes]) -> str:
    """Return the SHA-256 of what comes, in hex."""
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()


def _check_directory(stream: IO[bytes], length: int) -> None:
    """Refuse a directory so long that reading it would fill the memory, before it is read.

    We write no comment, so its end stands at the end of the file (APPNOTE 4.3.16), and where it is large, a second one
    with long numbers before that (4.3.14).
    """
    stream.seek(max(0, length - _END.size))
    end = stream.read(_END.size)
    if len(end) < _END.size or not end.startswith(b"PK\5\6"):
        raise Unusable("This file is no zip archive, or its end is missing.")
    size: int = _END.unpack(end)[5]
    if size == LONG:
        stream.seek(max(0, length - _END.size - _LOCATOR_BYTES - _LONG_END.size))
        size = _LONG_END.unpack(stream.read(_LONG_END.size))[8]
    if size > MOST_DIRECTORY:
        raise Unusable("The archive has more members than a city can have.")


def _check(info: ZipInfo) -> None:
    name = info.orig_filename
    if name != info.filename or len(name) > MOST_NAME or not NAME.match(name):
        raise Unusable(f"The archive holds {name[:80]!r}, which no archive of a city has.")
    if info.compress_type != ZIP_STORED or info.compress_size != info.file_size:
        raise Unusable(f"{name} is compressed. Archives of cities are not; use the file as it was exported.")
    if info.flag_bits & ENCRYPTED:
        raise Unusable(f"{name} is encrypted. Use the file as it was exported.")
    if info.create_system == UNIX and not stat.S_ISREG(info.external_attr >> 16):
        raise Unusable(f"{name} is no plain file.")
