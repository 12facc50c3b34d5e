"""What staff fill in before a vote: texts, money, ballot, dates; each part is saved as a whole."""

from dataclasses import dataclass, field, fields
from datetime import datetime
from uuid import UUID

from app.sdk import Conflict, Invalid, Localized, _, audit

from ..models import Edition
from ..rules.phases import Stage
from ..rules.ties import TieBreak
from .editions import by_id, changeable, create, may_change
from .finding import findable_editions
from .marks import must_be_as_seen
from .rule_documents import (
    Limits,
    Money,
    limits_document,
    limits_of,
    money_document,
    money_of,
    must_be_enough,
    must_make_sense,
)
from .settings_of import apply_settings

__all__ = [
    "Dates",
    "Limits",
    "Money",
    "Texts",
    "begin",
    "change_ballot",
    "change_dates",
    "change_money",
    "change_texts",
    "dates_of",
    "limits_of",
    "may_change_ballot",
    "may_change_money",
    "money_of",
    "texts_of",
    "with_open_ballot",
]


@dataclass(frozen=True, slots=True)
class Texts:
    """What residents read about an edition."""

    title: Localized
    summary: Localized = field(default_factory=dict)
    description: Localized = field(default_factory=dict)
    result_note: Localized = field(default_factory=dict)
    source: Localized = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Dates:
    """When the vote opens and closes."""

    opens_at: datetime | None
    closes_at: datetime | None


def begin(slug: str, title: Localized, limits: Limits, budget: int) -> Edition:
    """Make an edition with as much as a newcomer can say at once; raises as `create` does."""
    edition = create(slug, title)
    edition.budget = budget
    _set_limits(edition, limits)
    return edition


def texts_of(edition: Edition) -> Texts:
    """Return the texts as they are saved."""
    return Texts(**{part.name: dict(getattr(edition, part.name)) for part in fields(Texts)})


def dates_of(edition: Edition) -> Dates:
    """Return the dates as they are saved."""
    return Dates(edition.opens_at, edition.closes_at)


def may_change_money(edition: Edition) -> bool:
    """Tell whether the money can change; of imported ballots until the result is published: no file holds it."""
    # A count that a change comes in between is not current, and has to be done again.
    return may_change(edition) or (edition.imported and edition.stage in (Stage.COUNTING, Stage.COUNTED))


def may_change_ballot(edition: Edition) -> bool:
    """Tell whether limits and dates can change: not once ballots were cast by them."""
    return may_change(edition) and not edition.imported


def change_texts(edition_id: UUID, texts: Texts, *, seen: str | None = None) -> Edition:
    """Save new texts, in any phase: a mistake in a text must not wait for the next vote."""
    edition = by_id(edition_id, lock=True)
    before = texts_of(edition)
    must_be_as_seen(before, seen)
    changed = [part.name for part in fields(Texts) if getattr(before, part.name) != getattr(texts, part.name)]
    for name in changed:
        setattr(edition, name, getattr(texts, name))
    if changed:
        audit("participatory_budget.texts_changed", subject=f"edition:{edition.id}", parts=", ".join(changed))
        findable_editions.index(edition.id)
    return edition


def change_money(edition_id: UUID, new: Money, *, seen: str | None = None) -> Edition:
    """Save the money and the rule of the count; raises Conflict once they are fixed, Invalid for too much."""
    edition = by_id(edition_id, lock=True)
    if not may_change_money(edition):
        changeable(edition_id)
        raise Conflict(_("The result is published: money and rules can no longer change."))
    must_be_as_seen(money_of(edition), seen)
    must_be_enough(edition, new)
    document = money_document(edition, new)
    must_make_sense(edition, document)
    apply_settings(edition, document)
    edition.lot_seed = new.lot_seed if new.tie_break is TieBreak.LOT else None
    audit(
        "participatory_budget.money_changed",
        subject=f"edition:{edition.id}",
        budget=new.budget,
        method=new.method,
        envelopes=sum(envelope is not None for envelope in new.envelopes.values()),
    )
    return edition


def change_ballot(edition_id: UUID, limits: Limits, *, seen: str | None = None) -> Edition:
    """Save what one voter can choose; raises Conflict once the ballot is fixed."""
    edition = with_open_ballot(edition_id)
    must_be_as_seen(limits_of(edition), seen)
    _set_limits(edition, limits)
    audit(
        "participatory_budget.ballot_changed",
        subject=f"edition:{edition.id}",
        type=limits.type,
        max_choices=limits.max_choices,
        max_per_category=limits.max_per_category,
    )
    return edition


def change_dates(edition_id: UUID, dates: Dates, *, seen: str | None = None) -> Edition:
    """Save when the vote opens and closes; raises Conflict once the ballot is fixed, Invalid for a wrong order."""
    edition = with_open_ballot(edition_id)
    must_be_as_seen(dates_of(edition), seen)
    if dates.opens_at and dates.closes_at and dates.opens_at >= dates.closes_at:
        raise Invalid(_("The vote must close after it opens."))
    edition.opens_at, edition.closes_at = dates.opens_at, dates.closes_at
    audit(
        "participatory_budget.dates_changed",
        subject=f"edition:{edition.id}",
        opens_at=dates.opens_at.isoformat() if dates.opens_at else None,
        closes_at=dates.closes_at.isoformat() if dates.closes_at else None,
    )
    return edition


def with_open_ballot(edition_id: UUID) -> Edition:
    """Return an edition whose ballot can change, locked; raises Conflict once it is fixed or was imported."""
    edition = changeable(edition_id)
    if not may_change_ballot(edition):
        raise Conflict(
            _("The ballots of this edition were imported; their rule and dates stay as they were.")
        )
    return edition


def _set_limits(edition: Edition, limits: Limits) -> None:
    document = limits_document(edition, limits)
    must_make_sense(edition, document)
    apply_settings(edition, document)
