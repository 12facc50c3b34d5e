"""Mails that come back after they were taken: a report (RFC 3464) says which, and why.

Each mail names its own way back, so that nothing has to be guessed from the words of a report: the city, the mail, and
a mark that nobody can make who does not have the deployment's key.
"""

import base64
import re
from binascii import Error
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from hmac import compare_digest
from uuid import UUID

from app.core.ids import keyed_hash

_MARK_LENGTH = 10
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_CODE = re.compile(r"([a-z0-9]+)-([a-z2-7]{26})([a-z2-7]{10})\Z")


@dataclass(frozen=True, slots=True)
class WayBack:
    """Which mail came back."""

    city_id: str
    mail_id: UUID


def return_address(base: str, city_id: str, mail_id: UUID) -> str:
    """Return the reverse-path of one mail: `bounces@example.org` becomes `bounces+<city>-<mail><mark>@example.org`."""
    local, _at, domain = base.partition("@")
    return f"{local}+{city_id}-{_text(mail_id.bytes)}{_mark(city_id, mail_id)}@{domain}"


def read_address(address: str) -> WayBack | None:
    """Return which mail a reverse-path belongs to; None for one that was not made here."""
    code = address.strip().strip("<>").partition("@")[0].partition("+")[2].lower()
    found = _CODE.match(code)
    if found is None:
        return None
    try:
        mail_id = UUID(bytes=base64.b32decode(found[2].upper() + "======"))
    except (Error, ValueError):
        return None
    right = compare_digest(found[3], _mark(found[1], mail_id))
    return WayBack(found[1], mail_id) if right else None


def failure(report: Message) -> str | None:
    """Return the status of a report that says that a mail failed for good; None for every other mail.

    Delays, holiday answers and receipts are none: they have another action, or no part for machines.
    """
    for part in _machine_parts(report):
        action = str(part.get("Action", "")).strip().lower()
        status = _STATUS.search(str(part.get("Status", "")))
        if action == "failed" and status and status[0].startswith("5."):
            return status[0]
    return None


def _machine_parts(report: Message) -> Iterator[Message]:
    for part in report.walk():
        if part.get_content_type() == "message/delivery-status":
            blocks = part.get_payload()
            yield from (
                (block for block in blocks if isinstance(block, Message)) if isinstance(blocks, list) else ()
            )


def _mark(city_id: str, mail_id: UUID) -> str:
    return _text(keyed_hash("mail that came back", city_id.encode(), mail_id.bytes))[:_MARK_LENGTH]


def _text(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=").lower()
