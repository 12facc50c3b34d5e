"""Which way mails leave."""

from pathlib import Path
from urllib.parse import urlsplit

from app.services.mail import FolderDoor, MailDoor, NullDoor
from app.services.smtp import SmtpDoor


def open_door(url: str) -> MailDoor:
    """Return the door that `MAIL_URL` names; raises ValueError for an unknown scheme."""
    scheme = urlsplit(url).scheme
    if scheme == "file":
        return FolderDoor(Path(urlsplit(url).path))
    if scheme in ("smtp", "smtps"):
        return SmtpDoor(url)
    if scheme == "null":
        return NullDoor()
    raise ValueError(f"MAIL_URL: unknown scheme {scheme!r}")
