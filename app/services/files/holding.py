"""The files that a person sent, as the register of processing and her own download know them."""

from collections.abc import Iterable
from typing import IO
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.core.db import db
from app.core.errors import ServiceError
from app.core.i18n import gettext as _
from app.core.people import Basis, Holding, Record, Stays, holds
from app.services.files.models import File
from app.services.files.uploads import forget_upload, open_row, readable, shown_name
from app.services.files.uses import USES


def collect(account_id: UUID) -> Iterable[Record]:
    """Return what is known of each file."""
    for row in _of(account_id):
        yield {
            "name": shown_name(row),
            "for": row.use,
            "bytes": row.bytes,
            "sent_at": row.created_at,
            "virus_scan": row.scan.value,
        }


def contents(account_id: UUID) -> Iterable[tuple[str, IO[bytes]]]:
    """Yield the files themselves, but those in which a virus was found and those that have gone."""
    for row in _of(account_id):
        try:
            stream = open_row(readable(row))
        except ServiceError:
            continue
        yield f"{row.id}-{shown_name(row)}", stream


def erase(account_id: UUID) -> None:
    """Delete the files; of those that the city keeps nobody is the sender any more."""
    for row in _of(account_id):
        if _stays(row):
            row.sender_id, row.name = None, f"file-{row.id.hex[-8:]}"
        else:
            forget_upload(row.id)


def stays(account_id: UUID) -> Iterable[Stays]:
    """Say which files the city keeps."""
    number = sum(1 for row in _of(account_id) if _stays(row))
    if number:
        what = _("Files you sent: %(number)s", number=number)
        yield Stays(what, _("They belong to something the city has to keep; your name is taken off them."))


def _of(account_id: UUID) -> list[File]:
    found = select(File).where(File.sender_id == account_id).order_by(File.id)
    return list(db.session.scalars(found))


def _stays(row: File) -> bool:
    use = USES.get(row.use)
    return use is not None and use.stays and row.attached_at is not None


HOLDING = holds(
    Holding(
        name="platform.files",
        title=_l("Files you sent"),
        purpose=_l("To attach documents and pictures to what you ask of the city."),
        basis=Basis.PUBLIC_TASK,
        kept=_l("As long as what they are attached to; two days when they are attached to nothing."),
        collect=collect,
        erase=erase,
        stays=stays,
        tables=("file",),
        files=contents,
    )
)
