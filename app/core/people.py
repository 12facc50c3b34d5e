"""What is known about a person: each part says what it holds, why and for how long, hands it over and lets go of it.

From these declarations come the register of processing (GDPR art. 30), what a resident downloads (art. 15 and 20),
what goes when she deletes her account (art. 17), and what is removed every night (art. 5(1)(e)).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import IO
from uuid import UUID

Record = Mapping[str, object]
"""One thing that is known, by field: what it is, in words or numbers; instants and dates as themselves."""


class Basis(StrEnum):
    """Why the law allows it (GDPR art. 6(1))."""

    CONSENT = "consent"
    CONTRACT = "contract"
    LEGAL_OBLIGATION = "legal_obligation"
    PUBLIC_TASK = "public_task"


@dataclass(frozen=True, slots=True)
class Stays:
    """What is kept of somebody who deletes her account, and why."""

    what: str
    why: str


def _nothing_stays(_account_id: UUID) -> Iterable[Stays]:
    return ()


def _no_files(_account_id: UUID) -> Iterable[tuple[str, IO[bytes]]]:
    return ()


def _never(_account_id: UUID) -> datetime | None:
    return None


def _nothing_removed(_moment: datetime) -> int:
    return 0


@dataclass(frozen=True, slots=True)
class Holding:
    """One kind of personal data that one part of the product keeps."""

    name: str
    """`<module>.<what>`, or `platform.<what>`."""
    title: str
    """Lazily translated, like `purpose` and `kept`."""
    purpose: str
    basis: Basis
    kept: str
    """For how long, in words."""
    collect: Callable[[UUID], Iterable[Record]]
    """Return what is held about an account."""
    erase: Callable[[UUID], None]
    """Delete or anonymise what is held about an account; runs in the transaction that deletes it."""
    stays: Callable[[UUID], Iterable[Stays]] = _nothing_stays
    """Return what would stay if the account were deleted, and why."""
    retain: Callable[[datetime], int] = _nothing_removed
    """Remove what has been kept for long enough at this moment; returns how many things that were."""
    tables: tuple[str, ...] = ()
    """The tables it is about; each table with something personal in it belongs to one (app.testing.contract)."""
    recipients: str = ""
    """Who else gets it, lazily translated; empty for nobody but the city and whoever runs the platform for it."""
    files: Callable[[UUID], Iterable[tuple[str, IO[bytes]]]] = _no_files
    """Yield the files that the person sent, with their names; each is closed before the next is opened."""
    known_until: Callable[[UUID], datetime | None] = _never
    """Return until when somebody who deletes her account and comes back has to be known as the same person."""

    @property
    def owner(self) -> str:
        """Return the module it belongs to; `platform` for the platform's own parts."""
        return self.name.partition(".")[0]


HOLDINGS: dict[str, Holding] = {}


def holds(holding: Holding) -> Holding:
    """Declare that a part of the product keeps personal data."""
    HOLDINGS[holding.name] = holding
    return holding
