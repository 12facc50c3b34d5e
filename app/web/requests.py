"""My requests: whatever somebody has asked of the city, in one list, whichever module it is about.

A module tells what an account has asked for, and which request a reference and an e-mail address belong to. It draws the
page of a request itself, from `ui/request.html`; a guest who proved the address may open that page, and only that.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from flask import session

from app.accounts import Account
from app.core.context import current_city
from app.registry import module_of

SHOWN = "shown_requests"
MOST_SHOWN = 10
MOST_OF_MODULE = 200


class RequestStatus(StrEnum):
    """Where a request is; the words and colours are the same everywhere."""

    RECEIVED = "received"
    IN_PROGRESS = "in_progress"
    WAITING = "waiting"
    """Nothing goes on until the resident does something."""
    APPROVED = "approved"
    DONE = "done"
    REFUSED = "refused"
    CLOSED = "closed"
    CANCELLED = "cancelled"


OPEN = frozenset({RequestStatus.RECEIVED, RequestStatus.IN_PROGRESS})


@dataclass(frozen=True, slots=True)
class CityRequest:
    """Something that somebody has asked of the city, in the reader's language."""

    title: str
    status: RequestStatus
    sentence: str
    """What happens next, or what came of it: `The crew has it. Usually done in 3 days.`"""
    at: datetime
    """When something last happened to it."""
    url: str
    reference: str = ""
    """What the resident quotes on the phone; empty for what has none."""


@dataclass(frozen=True, slots=True)
class Arranged:
    """Requests as they are listed: first what waits for the resident, the newest first in each part."""

    waiting: Sequence[CityRequest] = ()
    open: Sequence[CityRequest] = ()
    closed: Sequence[CityRequest] = ()

    @property
    def number(self) -> int:
        """Return how many requests there are."""
        return len(self.waiting) + len(self.open) + len(self.closed)


Mine = Callable[[Account], Iterable[CityRequest]]
ByReference = Callable[[str, str], CityRequest | None]


@dataclass(slots=True)
class _Known:
    mine: dict[str, Mine] = field(default_factory=dict)
    by_reference: dict[str, ByReference] = field(default_factory=dict)


_known = _Known()


def requests_of(tell: Mine) -> Mine:
    """Tell what an account has asked of the city through this module, at most 200, the newest first."""
    _known.mine[module_of(tell.__module__).name] = tell
    return tell


def request_by_reference(find: ByReference) -> ByReference:
    """Find a request of this module by its reference and the e-mail address it was made with; None for any other pair."""
    _known.by_reference[module_of(find.__module__).name] = find
    return find


def requests_with(account: Account) -> Arranged:
    """Return what an account has asked of the city, of the modules that are on."""
    on = current_city().modules
    return arranged(one for name, tell in _known.mine.items() if name in on for one in tell(account))


def arranged(requests: Iterable[CityRequest]) -> Arranged:
    """Return requests as they are listed."""
    newest = sorted(requests, key=lambda request: (request.at, request.url), reverse=True)
    return Arranged(
        waiting=[one for one in newest if one.status is RequestStatus.WAITING],
        open=[one for one in newest if one.status in OPEN],
        closed=[one for one in newest if one.status not in OPEN | {RequestStatus.WAITING}],
    )


def can_be_followed() -> bool:
    """Tell whether anything in this city has references that guests can follow."""
    return any(name in current_city().modules for name in _known.by_reference)


def show_to_guest(reference: str, email: str) -> CityRequest | None:
    """Return the request that reference and address belong to, and let this browser open its page; None for a wrong pair.

    Every module is asked whatever the one before has said: the time an answer takes tells nothing.
    """
    on, typed = current_city().modules, clean_reference(reference)
    found = [find(typed, email.strip().lower()) for name, find in _known.by_reference.items() if name in on]
    match = next((one for one in found if one is not None), None)
    if match is not None:
        kept = [name for name in session.get(SHOWN, []) if name != match.reference]
        session[SHOWN] = [*kept, match.reference][-MOST_SHOWN:]
    return match


def is_shown_to_guest(reference: str) -> bool:
    """Tell whether this browser has proved that it knows the address a request was made with."""
    return bool(reference) and reference in session.get(SHOWN, [])


def clean_reference(typed: str) -> str:
    """Return a reference as it is kept: capitals and digits, without spaces."""
    return "".join(typed.split()).upper()[:40]
