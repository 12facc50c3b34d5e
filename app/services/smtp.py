"""Handing mails over to an SMTP server: several through one connection, refusals told apart from bad luck."""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.utils import formataddr, make_msgid
from typing import Any
from urllib.parse import unquote, urlsplit

from app.services.mail import Mail, Send
from app.services.refusals import Refused

TIMEOUT = 20


class SmtpDoor:
    """Hands mails to an SMTP server: `smtp://user:password@host:587` or `smtps://…`.

    `reach` is asked for the address to connect to, where somebody typed the host; the certificate is still the host's.
    """

    def __init__(self, url: str, *, reach: str = "") -> None:
        parts = urlsplit(url)
        self.host = parts.hostname or "localhost"
        self.implicit_tls = parts.scheme == "smtps"
        self.port = parts.port or (465 if self.implicit_tls else 25)
        self.user = unquote(parts.username or "")
        self.password = unquote(parts.password or "")
        self.reach = reach or self.host

    @contextmanager
    def session(self) -> Iterator[Send]:
        """Keep one connection open for several mails; STARTTLS where the server offers it."""
        with self._connect() as server:
            # What the server offers is known after its greeting was answered, and not before.
            server.ehlo_or_helo_if_needed()
            if not self.implicit_tls and server.has_extn("starttls"):
                server.starttls(context=self._trust())
            elif self.user and not self.implicit_tls:
                raise OSError(f"{self.host} offers no TLS, and a password is not sent without it")
            if self.user:
                server.login(self.user, self.password)
            yield lambda mail: _hand_over(server, mail)

    def send(self, mail: Mail) -> None:
        """Send one mail over a connection of its own."""
        with self.session() as send:
            send(mail)

    def _connect(self) -> smtplib.SMTP:
        if self.implicit_tls:
            return _ReachingWithTls(self.reach, self.host, self.port, timeout=TIMEOUT, context=self._trust())
        return _Reaching(self.reach, self.host, self.port, timeout=TIMEOUT)

    def _trust(self) -> ssl.SSLContext | None:
        """Check the server's certificate wherever a password is given away; a relay beside us may have none."""
        return ssl.create_default_context() if self.user or self.implicit_tls else None


class _Reaching(smtplib.SMTP):
    """Connects to the address that was looked up and checked; certificates are still the host's."""

    def __init__(self, reach: str, *args: Any, **kwargs: Any) -> None:
        self.reach = reach
        super().__init__(*args, **kwargs)

    def _get_socket(self, _host: str, port: int, timeout: float) -> socket.socket:
        found: socket.socket = super()._get_socket(self.reach, port, timeout)  # type: ignore[misc]
        return found


class _ReachingWithTls(_Reaching, smtplib.SMTP_SSL):
    pass


def _hand_over(server: smtplib.SMTP, mail: Mail) -> None:
    message = as_message(mail)
    try:
        server.send_message(message, from_addr=mail.returns_to or mail.sender, to_addrs=[mail.recipient])
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()))
        raise _refusal(code, text) from error
    except smtplib.SMTPResponseException as error:
        with suppress(smtplib.SMTPException):
            server.rset()
        raise _refusal(error.smtp_code, error.smtp_error) from error


def _refusal(code: int, text: bytes | str) -> Refused:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    # RFC 5321, 4.2.1: a code that begins with 5 says that trying again is of no use.
    return Refused(code, words, for_good=500 <= code < 600)


def as_message(mail: Mail) -> EmailMessage:
    """Return the mail as a message with a text and an HTML part, marked as sent by a machine (RFC 3834)."""
    message = EmailMessage()
    message["From"] = formataddr((mail.sender_name, mail.sender))
    message["To"] = mail.recipient
    message["Subject"] = " ".join(mail.subject.split())
    domain = mail.sender.partition("@")[2] or None
    message["Message-ID"] = f"<{mail.ident}@{domain}>" if mail.ident and domain else make_msgid(domain=domain)
    if mail.reply_to:
        message["Reply-To"] = mail.reply_to
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = mail.language
    for name, value in mail.headers.items():
        message[name] = value
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message
