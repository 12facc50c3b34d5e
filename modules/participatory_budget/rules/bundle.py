"""The published bundle of a vote: one ZIP with which anybody can check the whole result, on any machine with Python.

    bundle.json             format, version, city, edition; contests: key, name and folder in the order in which they
                            were counted; files: the SHA-256 of every other file; log_root: the last hash of the log
    <folder>/ballots.pb     the ballots of a contest, in the Pabulib format
    <folder>/protocol.json  what the result of the contest follows from, and the result (`protocol`)
    receipts.txt            the leaf of every receipt that was counted, in rising order, one on a line
    log.txt                 every leaf that was ever written into the log, with the number of its batch before it

The same parts always give the same bytes.
"""

import hashlib
import json
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from .chain import ChainError, head_of
from .counting.transfers import Transfer
from .documents import Document, DocumentError
from .pabulib.writer import Writable
from .proof import file_digest, merkle_root
from .protocol import Protocol, read_protocol
from .verify import VerifyReport, verify

FORMAT = "parvis-participatory-budget-bundle"
VERSION = 1
INDEX, RECEIPTS, LOG, BALLOTS, PROTOCOL = (
    "bundle.json",
    "receipts.txt",
    "log.txt",
    "ballots.pb",
    "protocol.json",
)
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o644 << 16
_UNIX = 3
_IN_MEMORY = 1 << 24
MOST_PROTOCOL = 1 << 28
"""A protocol is no larger than this: a file that unpacks to more is not read."""


@dataclass(frozen=True, slots=True)
class ContestFiles:
    """What is published of one contest; `write_ballots` writes the ballots file to a stream."""

    key: str
    name: str
    protocol: str
    write_ballots: Callable[[Writable], object]


@dataclass(frozen=True, slots=True)
class Bundle:
    """What is published of a vote, contests in the order in which they were counted."""

    city: str
    edition: str
    contests: Sequence[ContestFiles]
    receipts: Iterable[bytes] = ()
    """The leaves of the counted receipts, in rising order."""
    log: Iterable[tuple[int, bytes]] = ()
    """Batch number and leaf of every entry, in the order of batches."""
    log_root: str = ""


def write_bundle(stream: IO[bytes], bundle: Bundle) -> None:
    """Write the ZIP to an open binary file; ValueError where two contests have one key."""
    folders = _folders(bundle.contests)
    digests: dict[str, str] = {}
    with ZipFile(stream, "w", ZIP_DEFLATED, compresslevel=6) as archive:
        for contest, folder in zip(bundle.contests, folders, strict=True):
            ballots = contest.write_ballots
            digests[f"{folder}/{BALLOTS}"] = _write(archive, f"{folder}/{BALLOTS}", ballots)
            text = contest.protocol.encode()
            digests[f"{folder}/{PROTOCOL}"] = _write(archive, f"{folder}/{PROTOCOL}", _lines([text]))
        digests[RECEIPTS] = _write(
            archive, RECEIPTS, _lines(f"{leaf.hex()}\n".encode() for leaf in bundle.receipts)
        )
        entries = (f"{number} {leaf.hex()}\n".encode() for number, leaf in bundle.log)
        digests[LOG] = _write(archive, LOG, _lines(entries))
        index = {
            "format": FORMAT,
            "version": VERSION,
            "city": bundle.city,
            "edition": bundle.edition,
            "contests": [
                {"key": contest.key, "name": contest.name, "folder": folder}
                for contest, folder in zip(bundle.contests, folders, strict=True)
            ],
            "files": digests,
            "log_root": bundle.log_root,
        }
        text = (json.dumps(index, ensure_ascii=False, indent=2) + "\n").encode()
        _write(archive, INDEX, _lines([text]))


@dataclass(frozen=True, slots=True)
class ContestReport:
    """What a recount of one contest found."""

    key: str
    name: str
    report: VerifyReport


@dataclass(frozen=True, slots=True)
class BundleReport:
    """What the check of a whole bundle found."""

    contests: tuple[ContestReport, ...]
    receipts: int
    log: int
    """How many entries the log has."""
    problems: tuple[str, ...]
    """What is wrong beside the counts themselves, in plain English."""

    @property
    def agrees(self) -> bool:
        """Tell whether the bundle proves the published result."""
        return not self.problems and all(contest.report.agrees for contest in self.contests)


def verify_bundle(path: str | Path) -> BundleReport:
    """Count everything in a bundle again; a DocumentError or an OSError means that it cannot be read at all."""
    try:
        with ZipFile(path) as archive:
            return _Check(archive).run()
    # Among them a file that is missing (KeyError) and a packing that zipfile does not know (NotImplementedError).
    except (BadZipFile, KeyError, NotImplementedError, zlib.error) as error:
        raise DocumentError("", f"a bundle that can be unpacked ({error})") from error


class _Check:
    """One bundle on its way through the checks."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive
        self._index = Document(_json(archive, INDEX))
        self._problems: list[str] = []

    def run(self) -> BundleReport:
        if self._index.text("format") != FORMAT or self._index.number("version") != VERSION:
            raise DocumentError("format", f"{FORMAT}, version {VERSION}")
        self._check_files()
        found: list[tuple[Protocol, ContestReport]] = []
        for part in self._index.parts("contests"):
            found.append(self._contest(part.text("key"), part.text("name"), part.text("folder")))
        protocols = [protocol for protocol, _report in found]
        self._problems += _wrong_transfers(protocols)
        receipts = self._receipts(protocols)
        log = self._log(set(receipts))
        reports = tuple(report for _protocol, report in found)
        return BundleReport(reports, len(receipts), log, tuple(self._problems))

    def _check_files(self) -> None:
        """Compare the digest of every file, and look for files that nobody announced."""
        files = self._index.part("files")
        inside = [info.filename for info in self._archive.infolist()]
        if len(set(inside)) != len(inside):
            self._problems.append("a file stands twice in the bundle")
        for name in sorted({*inside, *files.names()} - {INDEX}):
            if name not in inside or not files.has(name):
                self._problems.append(f"{name}: announced or there, but not both")
                continue
            with self._archive.open(name) as stream:
                digest = file_digest(stream)
            if digest != files.text(name):
                self._problems.append(f"{name}: not the file that was announced")

    def _contest(self, key: str, name: str, folder: str) -> tuple[Protocol, ContestReport]:
        values = _json(self._archive, f"{folder}/{PROTOCOL}")
        protocol = read_protocol(values)
        if protocol.contest != key:
            self._problems.append(f"{folder}: the protocol is of another contest, {protocol.contest!r}")
        if (protocol.city, protocol.edition) != (self._index.text("city"), self._index.text("edition")):
            self._problems.append(f"{folder}: the protocol is of another vote")
        with self._archive.open(f"{folder}/{BALLOTS}") as stream:
            report = verify(stream, values)
        return protocol, ContestReport(key, name, report)

    def _receipts(self, protocols: Sequence[Protocol]) -> list[bytes]:
        leaves = [bytes.fromhex(line) for line in self._text_lines(RECEIPTS)]
        if any(one >= other for one, other in pairwise(leaves)):
            self._problems.append(f"{RECEIPTS}: a receipt stands twice, or they do not rise")
        root = merkle_root(leaves).hex() if leaves else ""
        for protocol in protocols:
            if protocol.receipts_root != root:
                self._problems.append(
                    f"{protocol.contest!r}: the root of the receipts is not that of the list"
                )
            if leaves and protocol.ballots > len(leaves):
                self._problems.append(f"{protocol.contest!r}: more ballots than receipts")
        return leaves

    def _log(self, receipts: set[bytes]) -> int:
        number, missing = 0, set(receipts)

        def entries() -> Iterator[tuple[int, bytes]]:
            nonlocal number
            for line in self._text_lines(LOG):
                batch, _space, leaf = line.partition(" ")
                number += 1
                missing.discard(bytes.fromhex(leaf))
                yield int(batch), bytes.fromhex(leaf)

        try:
            head = head_of(entries())
        except ChainError as error:
            self._problems.append(f"{LOG}: {error}")
            return number
        root = self._index.text("log_root")
        if (head.hex() if number else "") != root:
            self._problems.append(f"{LOG}: its last hash is not the one that was published")
        if number and missing:
            self._problems.append(f"{LOG}: {len(missing)} of the counted receipts never came in")
        return number

    def _text_lines(self, name: str) -> Iterator[str]:
        with self._archive.open(name) as stream:
            for line in stream:
                yield line.decode("ascii").rstrip("\n")


def _wrong_transfers(protocols: Sequence[Protocol]) -> Iterator[str]:
    """Compare what each contest gave with what the others got, and the winners that shut others out."""
    inbox: dict[str, list[Transfer]] = {}
    won: set[int] = set()
    for protocol in protocols:
        if list(protocol.received) != inbox.pop(protocol.contest, []):
            yield f"{protocol.contest!r}: what came in is not what other contests gave"
        rivals = {number for group in protocol.rule.exclusive for number in group}
        if set(protocol.won_before) != rivals & won:
            yield f"{protocol.contest!r}: other projects won before than it says"
        won |= {entry.number for entry in protocol.projects if entry.outcome.funded}
        if protocol.given:
            left = sum(spending.left for spending in protocol.spending) + _unassigned(protocol)
            if protocol.given.amount != left:
                yield f"{protocol.contest!r}: {left} was left and {protocol.given.amount} was given"
            inbox.setdefault(protocol.given.contest, []).append(
                Transfer(protocol.contest, protocol.given.amount)
            )
    for key in inbox:
        yield f"{key!r}: money was given to it, but it was not counted after"


def _unassigned(protocol: Protocol) -> int:
    rule = protocol.counted_rule
    if not rule.envelopes or rule.top_up:
        return 0
    return max(0, rule.budget - sum(rule.envelopes.values()))


def _folders(contests: Sequence[ContestFiles]) -> list[str]:
    """Return a folder name for each contest: its key, where that is a plain name."""
    keys = [contest.key for contest in contests]
    if len(set(keys)) != len(keys):
        raise ValueError("two contests with one key")
    folders = [
        key if key.isascii() and key.replace("-", "").replace("_", "").isalnum() else f"contest_{place}"
        for place, key in enumerate(keys, start=1)
    ]
    return [
        name if folders.count(name) == 1 else f"contest_{place}"
        for place, name in enumerate(folders, start=1)
    ]


def _write(archive: ZipFile, name: str, write: Callable[[Writable], object]) -> str:
    """Write one file of the archive and return its digest."""
    info = ZipInfo(name, _LONG_AGO)
    info.compress_type, info.external_attr, info.create_system = ZIP_DEFLATED, _READABLE, _UNIX
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as file:
        write(file)
        file.seek(0)
        digest = hashlib.sha256()
        with archive.open(info, "w", force_zip64=True) as target:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
                target.write(chunk)
    return digest.hexdigest()


def _lines(lines: Iterable[bytes]) -> Callable[[Writable], object]:
    def write(stream: Writable) -> None:
        for line in lines:
            stream.write(line)

    return write


def _json(archive: ZipFile, name: str) -> dict[str, Any]:
    if archive.getinfo(name).file_size > MOST_PROTOCOL:
        raise DocumentError(name, "a smaller file")
    with suppress(UnicodeDecodeError, json.JSONDecodeError):
        values = json.loads(archive.read(name))
        if isinstance(values, dict):
            return values
    raise DocumentError(name, "a JSON object")
