"""Links to files: signed for one file of one city, for a purpose and a while; whoever follows one is asked after."""

import hmac
import re
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from uuid import UUID

from flask import url_for

from app.core.clock import now
from app.core.context import current_city
from app.core.db import db
from app.core.errors import Forbidden, NotFound
from app.core.i18n import gettext as _
from app.core.ids import keyed_hash
from app.services.files.models import File
from app.services.files.uploads import readable
from app.services.files.uses import USES

USUAL_LIFE = timedelta(minutes=15)
LONGEST_LIFE = timedelta(days=7)
_PURPOSE = re.compile(r"[a-z_]{1,24}\Z")
_TOKEN = re.compile(r"([0-9a-f]{1,12})-([a-z_]{1,24})-([0-9A-Za-z_-]{43})\Z", re.ASCII)


def signed_link(file_id: UUID, purpose: str = "read", *, lives: timedelta = USUAL_LIFE) -> str:
    """Return the path of a link to a file: worth something in this city and for as long as it lives alone.

    `purpose` is a word of the module's own, which its `may_read` is told when somebody follows the link.
    """
    if not _PURPOSE.match(purpose) or lives > LONGEST_LIFE:
        raise ValueError("a purpose is a short word, and a link lives for a week at most")
    ends = int((now() + lives).timestamp())
    token = f"{ends:x}-{purpose}-{_signature(file_id, purpose, ends)}"
    return url_for("files.download", file_id=file_id, token=token)


def follow(file_id: UUID, token: str) -> File:
    """Return the file that a link leads to, when its module lets whoever asks read it.

    Raises NotFound for a link that this city never made, Forbidden for one that has ended or is for somebody else.
    """
    parts = _TOKEN.match(token)
    missing = NotFound(_("There is no such file."))
    if parts is None:
        raise missing
    ends, purpose = int(parts[1], 16), parts[2]
    if not hmac.compare_digest(parts[3], _signature(file_id, purpose, ends)):
        raise missing
    row = db.session.get(File, file_id)
    use = USES.get(row.use) if row is not None else None
    if row is None or use is None or not use.is_on:
        raise missing
    if datetime.fromtimestamp(ends, UTC) < now():
        raise Forbidden(_("This link has ended. Open the file again from the page where you found it."))
    if not use.may_read(row.id, purpose):
        raise Forbidden(_("This file is not open to you."))
    return readable(row)


def _signature(file_id: UUID, purpose: str, ends: int) -> str:
    parts = (current_city().id.encode(), file_id.bytes, purpose.encode(), str(ends).encode())
    return urlsafe_b64encode(keyed_hash("file link", *parts)).decode().rstrip("=")
