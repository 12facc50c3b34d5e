"""From whom a city's mails come and which way they leave: the deployment's, or a mail server of the city's own.

A city that sends from an address of its own needs a server that may: receivers ask the DNS who may send for a domain
(SPF, RFC 7208) and whether the mail was signed by it (DKIM, RFC 6376).
"""

from dataclasses import dataclass
from urllib.parse import quote

from flask import current_app

from app.core.config import Config
from app.core.context import City
from app.core.errors import Invalid
from app.core.sealing import seal, unseal
from app.core.settings import PLATFORM, store, stored
from app.services.mail import MailDoor
from app.services.mail_doors import open_door
from app.services.outbound import checked_host
from app.services.smtp import SmtpDoor

_DOCUMENT = f"{PLATFORM}mail"
_SEALED = "a city's mail server"
SECURITIES = {"smtp": 587, "smtps": 465}
"""STARTTLS, or TLS from the start; with the usual ports."""


@dataclass(frozen=True, slots=True)
class OwnServer:
    """A mail server that a city has named."""

    host: str
    port: int
    security: str
    user: str
    password: str
    sender: str
    """The address that mails come from."""
    selector: str = ""
    """Under which name the server's key stands in the DNS (DKIM)."""

    @property
    def url(self) -> str:
        """Return the address as the door takes it."""
        login = f"{quote(self.user, safe='')}:{quote(self.password, safe='')}@" if self.user else ""
        return f"{self.security}://{login}{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Way:
    """How a city's mails leave."""

    door: MailDoor
    sender: str
    sender_name: str
    reply_to: str
    own: bool


def way_of(city: City) -> Way:
    """Return the way of the city being served; raises OSError when its own server is nowhere now."""
    config: Config = current_app.config["PARVIS"]
    server = own_server(city)
    if server is None:
        reply_to = city.contact_email if city.contact_email != config.mail_from else ""
        return Way(open_door(config.mail_url), config.mail_from, city.name, reply_to, own=False)
    return Way(_door(server), server.sender, city.name, city.contact_email, own=True)


def own_server(city: City) -> OwnServer | None:
    """Return the city's own server, or None when it uses the deployment's.

    So does a city that was restored elsewhere, where its password cannot be read: nobody could sign in by mail to type it.
    """
    kept = stored(_DOCUMENT)
    password = unseal(_SEALED, city.id.encode(), kept.get("password"))
    if password is None:
        return None
    names = ("host", "port", "security", "user", "sender", "selector")
    return OwnServer(**{name: kept[name] for name in names}, password=password)


def use_own_server(city: City, server: OwnServer) -> None:
    """Let the city's mails leave through a server of its own; the password is sealed."""
    names = ("host", "port", "security", "user", "sender", "selector")
    password = seal(_SEALED, city.id.encode(), server.password)
    store(_DOCUMENT, {**{name: getattr(server, name) for name in names}, "password": password})


def use_deployment() -> None:
    """Let the city's mails leave as everybody's do."""
    store(_DOCUMENT, {})


def try_login(server: OwnServer) -> None:
    """Connect and sign in as sending does, without sending; raises OSError or Invalid with the reason."""
    with _door(server).session():
        pass


def _door(server: OwnServer) -> SmtpDoor:
    try:
        return SmtpDoor(server.url, reach=checked_host(server.host, server.port))
    except Invalid as error:
        raise OSError(str(error)) from error
