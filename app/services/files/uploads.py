"""Files that people send: taken in as a stream, checked by content, kept for the city, read and forgotten."""

import hashlib
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, cast
from uuid import UUID

from flask import current_app

from app.core.clock import now
from app.core.context import current_actor, current_city
from app.core.db import db
from app.core.errors import Conflict, Forbidden, Invalid, NotFound, TooLarge
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.jobs import enqueue
from app.core.stores import store
from app.services.files import kinds, scanning
from app.services.files.kinds import FORMS, Kind
from app.services.files.models import File, Scan
from app.services.files.pictures import reencoded
from app.services.files.uses import MEGABYTE, USES, Use
from tenants import quotas

# What is larger than this while it comes in lies on the disk.
SPOOL_BYTES = 1 << 20
PIECE = 1 << 16
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody sent, as pages show it."""

    id: UUID
    name: str
    """What it was called, with the ending of what it is."""
    kind: Kind
    bytes: int
    scan: Scan

    @property
    def is_ready(self) -> bool:
        """Tell whether it is given out."""
        return self.scan in (Scan.CLEAN, Scan.UNSCANNED)


def store_upload(stream: IO[bytes], name: str, use: str) -> Upload:
    """Keep a file that somebody sent, for a declared use, and return what pages show of it.

    It is not given out before a scanner has seen it, and goes within days unless `attach_upload` is called. Raises TooLarge,
    Invalid for what the use does not accept, or Conflict when the city has no room left.
    """
    wanted = USES[use]
    with _taken(stream, wanted.most_bytes) as came:
        kind = _accepted(came, wanted)
        content = _encoded(came) if kind is Kind.PICTURE else came
        size, digest = _measured(content)
        quotas.make_room_for(size)
        row = File(
            id=new_id(),
            use=use,
            kind=kind,
            name=plain_name(name),
            bytes=size,
            sha256=digest,
            sender_id=_sender(),
            scan=Scan.WAITING if scanning.is_configured() else Scan.UNSCANNED,
            found="",
            created_at=now(),
        )
        store().put(current_city().id, row.place, content, size)
    db.session.add(row)
    db.session.flush()
    if row.scan is Scan.WAITING:
        enqueue("files.scan", file_id=str(row.id))
    return _shown(row)


def attach_upload(file_id: UUID) -> None:
    """Keep a file for good: something in the city has it from now on."""
    row = _row(file_id)
    row.attached_at = row.attached_at or now()


def forget_upload(file_id: UUID) -> None:
    """Delete a file; its content goes after the commit. One that has gone already is no mistake."""
    row = db.session.get(File, file_id)
    if row is not None:
        db.session.delete(row)
        enqueue("files.remove_content", file_id=str(file_id))


def shown_upload(file_id: UUID) -> Upload:
    """Return what pages show of a file; raises NotFound."""
    return _shown(_row(file_id))


@contextmanager
def read_upload(file_id: UUID) -> Iterator[IO[bytes]]:
    """Open a file to read; raises NotFound, or Conflict or Forbidden as long as it is not to be given out."""
    with open_row(readable(_row(file_id))) as stream:
        yield stream


def readable(row: File) -> File:
    """Return the file when it may be given out, as far as the scanner goes."""
    if row.scan is Scan.WAITING:
        raise Conflict(_("This file is still being checked for viruses. Try again in a minute."))
    if row.scan is Scan.INFECTED:
        raise Forbidden(_("A virus was found in this file, so it is not given out."))
    return row


def open_row(row: File) -> IO[bytes]:
    """Open the content of a file; raises NotFound when it has gone, as from a copy without people."""
    try:
        return store().open(current_city().id, row.place)
    except FileNotFoundError as error:
        raise NotFound(_("There is no such file.")) from error


def shown_name(row: File) -> str:
    """Return the name under which a file is given out: its own, with the ending of what it really is."""
    ending = FORMS[row.kind].ending
    stem, dot, said = row.name.rpartition(".")
    if row.kind is Kind.TEXT and dot and said.lower() == "csv":
        ending = "csv"
    return f"{stem if dot and stem else row.name}.{ending}"


def plain_name(name: str) -> str:
    """Return a name without folders, controls and what turns the reading direction; never empty."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(letter for letter in last if letter.isprintable() and letter not in '<>:"|?*')
    return shown.strip(" .")[-LONGEST_NAME:] or "file"


def _row(file_id: UUID) -> File:
    row = db.session.get(File, file_id)
    if row is None:
        raise NotFound(_("There is no such file."))
    return row


@contextmanager
def _taken(stream: IO[bytes], most: int) -> Iterator[BinaryIO]:
    """Copy the stream, counting while it is read: what a header says of its length is not believed."""
    with tempfile.SpooledTemporaryFile(max_size=SPOOL_BYTES, dir=str(_spool())) as copy:
        left = most
        while piece := stream.read(PIECE):
            left -= len(piece)
            if left < 0:
                size = f"{most / MEGABYTE:g}"
                raise TooLarge(_("The file is larger than %(size)s MB. Choose a smaller one.", size=size))
            copy.write(piece)
        if left == most:
            raise Invalid(_("The file is empty. Choose another one."))
        yield cast("BinaryIO", copy)


def _spool() -> Path:
    """Return a folder of ours on a disk: the system's own for temporary files may lie in memory."""
    folder: Path = current_app.config["PARVIS"].files_dir / ".incoming"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _accepted(stream: BinaryIO, use: Use) -> Kind:
    kind = kinds.kind_of(stream)
    if kind in use.accepts and kind is not None and not kinds.has_macros(stream):
        return kind
    if kinds.is_heic(stream):
        raise Invalid(
            _("This photo is in a format that browsers cannot show. Save it as JPEG and send that.")
        )
    if kind in use.accepts:
        raise Invalid(_("This document contains macros. Save it without them and send that."))
    raise Invalid(
        _("This kind of file is not taken here. Choose one of these: %(kinds)s.", kinds=accepted_names(use))
    )


def _encoded(picture: BinaryIO) -> BinaryIO:
    picture.seek(0)
    return io.BytesIO(reencoded(picture))


def accepted_names(use: Use) -> str:
    """Return what a use accepts, as people call it."""
    words = {Kind.PICTURE: "JPEG, PNG, WebP, GIF", Kind.TEXT: "CSV, TXT (UTF-8)"}
    return ", ".join(words.get(kind, kind.upper()) for kind in use.accepts)


def _measured(stream: BinaryIO) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    stream.seek(0)
    while piece := stream.read(PIECE):
        digest.update(piece)
        size += len(piece)
    stream.seek(0)
    return size, digest.hexdigest()


def _sender() -> UUID | None:
    actor = current_actor()
    return UUID(actor.id) if actor.kind in ("staff", "resident") and actor.id else None


def _shown(row: File) -> Upload:
    return Upload(row.id, shown_name(row), row.kind, row.bytes, row.scan)
