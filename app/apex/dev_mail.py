"""Mails that the dev stack keeps in a folder instead of sending them; absent from every real deployment."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from flask import Response, abort, current_app
from markupsafe import Markup, escape

from app.services.mail import FolderDoor
from app.services.mail_doors import open_door
from app.web.gates import apex_blueprint
from app.web.page import render

bp = apex_blueprint("apex_dev_mail", __name__)
MOST_LISTED = 100
ADDRESS = re.compile(r"(https?://[^\s<>\"]+[^\s<>\".,;:!?)])")
# The mail's own markup, with its styles; nothing runs and nothing is fetched.
CSP = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; sandbox allow-popups"


@dataclass(frozen=True, slots=True)
class KeptMail:
    """One mail as it lies in the folder."""

    id: str
    at: datetime
    recipient: str
    sender_name: str
    subject: str
    text: str
    html: str
    language: str


def shows_mail() -> bool:
    """Tell whether mails are kept in a folder on a deployment that is not public."""
    return _folder() is not None


@bp.get("/dev/mail")
def index() -> str:
    """List the newest mails of all sites."""
    files = sorted(_kept().glob("[!.]*.json"), reverse=True)[:MOST_LISTED]
    return render("apex/dev_mail.html", mails=[_read(path) for path in files])


@bp.get("/dev/mail/<uuid:mail_id>")
def mail(mail_id: UUID) -> str:
    """Show the text of one mail; its links can be followed."""
    found = _find(mail_id)
    return render("apex/dev_mail_one.html", mail=found, text=as_paragraphs(found.text))


@bp.get("/dev/mail/<uuid:mail_id>/html")
def as_sent(mail_id: UUID) -> Response:
    """Show one mail as a mail program would, shut off from the rest of the site."""
    response = Response(_find(mail_id).html, mimetype="text/html")
    response.headers["Content-Security-Policy"] = CSP
    return response


def as_paragraphs(text: str) -> Markup:
    """Return plain text as paragraphs and lines, its addresses as links."""
    blocks = [block.split("\n") for block in text.strip().split("\n\n")]
    lines = [Markup("<br>").join(with_links(line) for line in block) for block in blocks]
    return Markup().join(Markup("<p>{}</p>").format(block) for block in lines)


def with_links(text: str) -> Markup:
    """Return plain text with its addresses as links; nothing else in it is markup."""
    parts = ADDRESS.split(text)
    link = Markup('<a href="{0}">{0}</a>')
    return Markup().join(link.format(part) if ADDRESS.fullmatch(part) else escape(part) for part in parts)


def _find(mail_id: UUID) -> KeptMail:
    path = _kept() / f"{mail_id}.json"
    if not path.is_file():
        abort(404)
    return _read(path)


def _read(path: Path) -> KeptMail:
    kept = json.loads(path.read_text(encoding="utf-8"))
    names = ("recipient", "sender_name", "subject", "text", "html", "language")
    return KeptMail(path.stem, datetime.fromisoformat(kept["at"]), *(str(kept[name]) for name in names))


def _kept() -> Path:
    folder = _folder()
    if folder is None:
        abort(404)
    return folder


def _folder() -> Path | None:
    config = current_app.config["PARVIS"]
    door = open_door(config.mail_url)
    private = config.on_this_machine and config.scheme == "http"
    return door.folder if private and isinstance(door, FolderDoor) else None
