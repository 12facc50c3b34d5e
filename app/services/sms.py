"""Handing text messages over: to a provider that takes HTTP, to the folder of the dev stack, or to nobody."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import httpx

from app.core.errors import Invalid
from app.core.i18n import gettext as _
from app.services import outbound
from app.services.mail import FolderDoor, Mail
from app.services.refusals import Refused

LONGEST = 480
"""Characters: three parts of a message, which every telephone puts together."""
MARKS = ("{to}", "{text}", "{id}")
# Wrong credentials and too many requests are the city's own trouble and pass; the number is not at fault.
PASSING = frozenset({401, 402, 403, 404, 405, 408, 425, 429})


@dataclass(frozen=True, slots=True)
class Sms:
    """One text message; `to` is an international number (E.164), `ident` the same each time it is handed over."""

    to: str
    text: str
    ident: str


class SmsDoor(Protocol):
    """Whatever takes text messages; raises OSError when it cannot take one now, Refused when it says why."""

    def send(self, sms: Sms) -> None:
        """Hand one over."""


class NullDoor:
    """Takes every message and forgets it."""

    def send(self, sms: Sms) -> None:
        """Do nothing."""


class ShownDoor:
    """Puts messages among the mails that the dev stack shows."""

    def __init__(self, folder: Path) -> None:
        self._folder = FolderDoor(folder)

    def send(self, sms: Sms) -> None:
        """Write one file."""
        self._folder.send(Mail(sms.to, "SMS", "", sms.text[:60], sms.text, "", "en", sms.ident))


@dataclass(frozen=True, slots=True)
class HttpDoor:
    """Hands messages to any provider that takes a JSON document by POST."""

    address: str
    body: str
    """JSON, with {to}, {text} and {id} within its strings."""
    authorization: str = ""
    """The value of the Authorization header."""

    def send(self, sms: Sms) -> None:
        """Send one request."""
        headers = {"Authorization": self.authorization} if self.authorization else {}
        try:
            with outbound.client() as client:
                answer = client.post(self.address, json=filled(self.body, sms), headers=headers)
        except httpx.HTTPError as error:
            raise OSError(f"the provider could not be reached: {type(error).__name__}") from error
        if not answer.is_success:
            for_good = 400 <= answer.status_code < 500 and answer.status_code not in PASSING
            raise Refused(answer.status_code, answer.reason_phrase, for_good=for_good)


def filled(body: str, sms: Sms) -> Any:
    """Return the document that a body's pattern describes, with the message in it."""
    values = dict(zip(MARKS, (sms.to, sms.text[:LONGEST], sms.ident), strict=True))
    return _filled(json.loads(body), values)


def check_body(body: str) -> str:
    """Return a pattern that somebody typed; raises Invalid for one that is no JSON or forgets number or text."""
    try:
        document = json.loads(body)
    except ValueError as error:
        raise Invalid(
            _("This is not JSON. Copy the example of your provider and put {to} and {text} into it.")
        ) from error
    strings = list(_strings(document))
    if not isinstance(document, dict) or not all(any(mark in s for s in strings) for mark in MARKS[:2]):
        raise Invalid(_("Write {to} where the number goes and {text} where the message goes."))
    return body


def _filled(part: Any, values: Mapping[str, str]) -> Any:
    if isinstance(part, dict):
        return {key: _filled(value, values) for key, value in part.items()}
    if isinstance(part, list):
        return [_filled(value, values) for value in part]
    return _put_in(part, values) if isinstance(part, str) else part


def _put_in(text: str, values: Mapping[str, str]) -> str:
    """Replace the marks in one pass: what a message says is never taken for a mark."""
    found = [(text.find(mark), mark) for mark in values if mark in text]
    if not found:
        return text
    at, mark = min(found)
    return text[:at] + values[mark] + _put_in(text[at + len(mark) :], values)


def _strings(part: Any) -> list[str]:
    if isinstance(part, str):
        return [part]
    inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    return [string for value in inner for string in _strings(value)]
