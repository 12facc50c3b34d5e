"""Who may act for whom at a moment, and what; plain functions, no database and no web."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.accounts.attributes.rules import age_on, birthday

ADULT = 18


class Part(StrEnum):
    """What somebody is to the person she acts for."""

    GUARDIAN = "guardian"
    HELPER = "helper"


class Area(StrEnum):
    """What can be done for somebody else. Voting is none of them and never will be: a ballot is cast by its voter."""

    REQUEST = "request"
    """Fill in forms and send requests."""
    ENROL = "enrol"
    BOOK = "book"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class Right:
    """What one person may do for another, and until when."""

    part: Part
    areas: frozenset[Area]
    accepted_at: datetime | None = None
    """None as long as an invitation is open."""
    confirmed_at: datetime | None = None
    """When staff have seen the signed paper, where one is needed."""
    needs_paper: bool = False
    """Of a grown-up without an account, who cannot agree on a page."""
    withdrawn_at: datetime | None = None
    ends_on: date | None = None
    """The last day."""
    born: date | None = None
    """Of a child: guardianship ends with her 18th birthday."""


class Standing(StrEnum):
    """How a right stands at a moment."""

    INVITED = "invited"
    WAITS_FOR_PAPER = "waits_for_paper"
    OPEN = "open"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"
    GROWN_UP = "grown_up"


def standing(right: Right, *, at: datetime, today: date) -> Standing:
    """Return how a right stands; only an open one lets anybody act."""
    if right.withdrawn_at is not None and right.withdrawn_at <= at:
        return Standing.WITHDRAWN
    if right.part is Part.GUARDIAN and (right.born is None or age_on(right.born, today) >= ADULT):
        return Standing.GROWN_UP
    if right.ends_on is not None and today > right.ends_on:
        return Standing.ENDED
    if right.accepted_at is None or right.accepted_at > at:
        return Standing.INVITED
    if right.needs_paper and (right.confirmed_at is None or right.confirmed_at > at):
        return Standing.WAITS_FOR_PAPER
    return Standing.OPEN


def may_act(right: Right, area: Area | None, *, at: datetime, today: date) -> bool:
    """Tell whether something can be done for the other now; None stands for looking only."""
    allowed = area is None or area in right.areas
    return allowed and standing(right, at=at, today=today) is Standing.OPEN


def last_day(right: Right) -> date | None:
    """Return the last day on which the right can be used, as far as it is known."""
    grown = (
        birthday(right.born, ADULT).toordinal() - 1 if right.born and right.part is Part.GUARDIAN else None
    )
    days = [day for day in (right.ends_on, date.fromordinal(grown) if grown else None) if day]
    return min(days, default=None)


def areas_of(part: Part, asked: Iterable[Area]) -> frozenset[Area]:
    """Return what a right is for: a guardian may do everything for a child, a helper what was agreed."""
    return frozenset(Area) if part is Part.GUARDIAN else frozenset(asked)
