"""Handing mails over: to an SMTP server, to a folder that the dev stack shows, or to nobody."""

import json
import smtplib
import ssl
from dataclasses import asdict, dataclass
from email.message import EmailMessage
from email.utils import formataddr, make_msgid
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from app.core.clock import now
from app.core.ids import new_id


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail, ready to be handed over."""

    recipient: str
    sender_name: str
    sender: str
    subject: str
    text: str
    html: str
    language: str


class MailDoor(Protocol):
    """Whatever takes mails; raises OSError when it cannot take one now."""

    def send(self, mail: Mail) -> None:
        """Hand one mail over."""


class NullDoor:
    """Takes every mail and forgets it."""

    def send(self, mail: Mail) -> None:
        """Do nothing."""


class FolderDoor:
    """Writes each mail into a folder, as JSON; what the dev stack's mail page shows."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, mail: Mail) -> None:
        """Write one file, whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        name = f"{new_id()}.json"
        draft = self.folder / f".{name}"
        draft.write_text(json.dumps({"at": now().isoformat(), **asdict(mail)}), encoding="utf-8")
        draft.rename(self.folder / name)


class SmtpDoor:
    """Hands mails to an SMTP server: `smtp://user:password@host:587` or `smtps://…`."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.host = parts.hostname or "localhost"
        self.implicit_tls = parts.scheme == "smtps"
        self.port = parts.port or (465 if self.implicit_tls else 25)
        self.user = unquote(parts.username or "")
        self.password = unquote(parts.password or "")

    def send(self, mail: Mail) -> None:
        """Send one mail over a connection of its own; STARTTLS where the server offers it."""
        with self._connect() as server:
            # What the server offers is known after its greeting was answered, and not before.
            server.ehlo_or_helo_if_needed()
            if not self.implicit_tls and server.has_extn("starttls"):
                server.starttls(context=self._trust())
            elif self.user and not self.implicit_tls:
                raise OSError(f"{self.host} offers no TLS, and a password is not sent without it")
            if self.user:
                server.login(self.user, self.password)
            server.send_message(as_message(mail))

    def _connect(self) -> smtplib.SMTP:
        if self.implicit_tls:
            return smtplib.SMTP_SSL(self.host, self.port, timeout=20, context=self._trust())
        return smtplib.SMTP(self.host, self.port, timeout=20)

    def _trust(self) -> ssl.SSLContext | None:
        """Check the server's certificate wherever a password is given away; a relay beside us may have none."""
        return ssl.create_default_context() if self.user or self.implicit_tls else None


def as_message(mail: Mail) -> EmailMessage:
    """Return the mail as a message with a text and an HTML part, marked as sent by a machine (RFC 3834)."""
    message = EmailMessage()
    message["From"] = formataddr((mail.sender_name, mail.sender))
    message["To"] = mail.recipient
    message["Subject"] = " ".join(mail.subject.split())
    message["Message-ID"] = make_msgid(domain=mail.sender.partition("@")[2] or None)
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = mail.language
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message


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
