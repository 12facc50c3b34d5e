"""What must be complete before a phase beside the vote can open; the vote has a checklist of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .schedule import Part, Span


class Need(StrEnum):
    """One line of the checklist of a phase."""

    TEXTS = "texts"
    """Title and summary are written in the city's first language."""
    SHOWN = "shown"
    """Residents see the edition."""
    DATES = "dates"
    """It ends after it begins, and not in the past."""
    RESULT = "result"
    """It is decided which projects are carried out."""


_OF_RESIDENTS = (Need.DATES, Need.TEXTS, Need.SHOWN)
_NEEDS: Mapping[Part, tuple[Need, ...]] = {
    Part.IDEAS: _OF_RESIDENTS,
    Part.CO_CONSTRUCTION: _OF_RESIDENTS,
    Part.SUPPORT: _OF_RESIDENTS,
    Part.FEASIBILITY: (Need.DATES,),
    Part.DRAFTING: (Need.DATES,),
    Part.REALISATION: (Need.DATES, Need.SHOWN, Need.RESULT),
}


@dataclass(frozen=True, slots=True)
class PartSetup:
    """An edition as far as its phases depend on it."""

    texts_missing: bool = False
    shown: bool = True
    decided: bool = False


def part_checklist(part: Part, span: Span, setup: PartSetup, at: datetime) -> dict[Need, bool]:
    """Return what a phase needs and whether it is there, in the order in which it is shown."""
    there = {
        Need.DATES: span.in_order and (span.ends_at is None or at < span.ends_at),
        Need.TEXTS: not setup.texts_missing,
        Need.SHOWN: setup.shown,
        Need.RESULT: setup.decided,
    }
    return {need: there[need] for need in _NEEDS[part]}
