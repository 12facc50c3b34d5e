"""Files that people of the two cities sent."""

import io
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from app.core.clock import now
from app.core.db import db
from app.services.files import ANYTHING, serves, signed_link, store_upload
from app.services.files.models import File
from app.testing.leaks.filling import Twin
from app.testing.leaks.platform.owner import filling

USE = serves("platform.isolation", lambda _file_id, _purpose: True, accepts=ANYTHING).name


@filling.content
def uploads(twin: Twin) -> None:
    """Keep a letter of the city's own; only its words are in it."""
    letter = store_upload(io.BytesIO(f"{twin.text('letter')}\n".encode()), twin.text("letter.txt"), USE)
    db.session.get_one(File, letter.id).attached_at = now()


@filling.values("file_id")
def file_ids(_twin: Twin) -> Iterable[UUID]:
    """Return every file."""
    return db.session.scalars(select(File.id).order_by(File.id)).all()


@filling.values("file_id", "token")
def links(twin: Twin) -> Iterable[tuple[UUID, str]]:
    """Return every file with a link that works in its own city."""
    return [(ident, signed_link(ident).rpartition("/")[2]) for ident in file_ids(twin)]


for _column in ("use", "sha256", "found"):
    filling.review(f"no text file.{_column}", "a word of the code's, a hash, or what a scanner calls a virus")
