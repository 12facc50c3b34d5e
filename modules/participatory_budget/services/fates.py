"""What became of one project in a published vote, and why, with the numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.sdk import _, money, ngettext, number, picked

from ..models import Edition
from ..rules.outcomes import ReasonCode
from .results import Part, Row, published

_BY_PLACE = (ReasonCode.OVER_LEFT, ReasonCode.AFTER_STOP, ReasonCode.ENOUGH_WINNERS)


@dataclass(frozen=True, slots=True)
class Fate:
    """Whether a project gets its money, and why, in sentences."""

    funded: bool
    sentences: Sequence[str]


def fate_of(edition: Edition, project: int) -> Fate | None:
    """Return what became of a project; None where the result does not name it. Raises NotFound before its publication."""
    for part in published(edition).parts:
        row = next((one for one in part.rows if one.project.number == project), None)
        if row is not None:
            return Fate(row.outcome.funded, [one for one in _told(edition, part, row) if one])
    return None


def _told(edition: Edition, part: Part, row: Row) -> list[str]:
    reached = [_place(part, row)] if row.outcome.rank else []
    return [*reached, row.reason, _last_winner(edition, part, row)]


def _place(part: Part, row: Row) -> str:
    place = _(
        "Place %(place)s of %(all)s, with %(what)s.",
        place=number(row.outcome.rank or 0),
        all=number(sum(one.outcome.rank is not None for one in part.rows)),
        what=_what(part, row),
    )
    return f"{part.name}: {place}" if part.name else place


def _what(part: Part, row: Row) -> str:
    """Return what a project has been given, in words."""
    scale = part.scale
    if scale.is_judged:
        return _("the majority grade “%(grade)s”", grade=scale.majority_grade(row.outcome))
    strength = scale.strength(row.outcome)
    if scale.has_points:
        return ngettext("%(count)s point", "%(count)s points", strength, count=number(strength))
    return ngettext("%(count)s vote", "%(count)s votes", strength, count=number(strength))


def _last_winner(edition: Edition, part: Part, row: Row) -> str:
    """Return what the last project to be paid had, where a project was only too far down, or too dear, for its place."""
    winners = [one for one in part.rows if one.outcome.funded]
    if not winners or row.outcome.reason.code not in _BY_PLACE:
        return ""
    last = winners[-1]
    return _(
        "The last project that got money, %(project)s, had %(what)s and costs %(cost)s.",
        project=picked(last.project.title),
        what=_what(part, last),
        cost=money(last.project.cost, edition.currency),
    )
