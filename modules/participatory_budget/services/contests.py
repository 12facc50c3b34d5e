"""The contests of an edition: one vote for all projects, or districts and the whole city apart, each with its money."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from app.sdk import Conflict, Invalid, _, audit, money

from ..models import Edition
from ..rules.ballots import BallotType
from ..rules.contests import CITYWIDE, ContestsBy
from ..rules.counting.transfers import in_flow
from ..rules.rule_parts import ballot_rule_with
from .editing import with_open_ballot
from .marks import must_be_as_seen
from .rules_of import ballot_rule
from .settings_of import apply_settings
from .taking_part import DISTRICT_BY, DistrictBy, district_by
from .wording import Names

LIMITS = ("min_choices", "max_choices", "points", "max_points")
"""What a contest can limit in its own way."""
LIMITS_OF: Mapping[BallotType, tuple[str, ...]] = {
    BallotType.APPROVAL: ("min_choices", "max_choices"),
    BallotType.KNAPSACK: ("min_choices",),
    BallotType.POINTS: ("points", "max_points"),
    BallotType.RANKED: ("max_choices",),
    BallotType.JUDGEMENT: (),
}


@dataclass(frozen=True, slots=True)
class ContestRow:
    """A contest as staff fill it in: its money, limits that differ from the edition's, and who gets what it leaves."""

    key: str
    budget: int
    limits: tuple[tuple[str, int], ...] = ()
    transfer_to: str | None = None


@dataclass(frozen=True, slots=True)
class Contests:
    """How the vote is divided, and who says in which district somebody votes."""

    by: ContestsBy
    district_by: DistrictBy = DistrictBy.ANY
    rows: tuple[ContestRow, ...] = ()


def contests_as_saved(edition: Edition) -> Contests:
    """Return the contests as they are saved."""
    rows = tuple(
        ContestRow(one.key, one.budget, _limits(one.balloting), one.transfer_to) for one in edition.contests
    )
    return Contests(edition.contests_by, district_by(edition), rows)


def change_contests(edition_id: UUID, new: Contests, *, seen: str | None = None) -> Edition:
    """Save how the vote is divided; raises Conflict once the ballot is fixed, Invalid for what cannot be counted."""
    edition = with_open_ballot(edition_id)
    must_be_as_seen(contests_as_saved(edition), seen)
    must_be_countable(edition, new)
    apply_settings(edition, contests_document(edition, new))
    audit(
        "participatory_budget.contests_changed",
        subject=f"edition:{edition.id}",
        by=new.by,
        contests=len(new.rows),
    )
    return edition


def contests_document(edition: Edition, new: Contests) -> dict[str, object]:
    """Return the contests as parts of the settings; an edition in which all stand together has none."""
    rows = new.rows if new.by is ContestsBy.DISTRICT else ()
    others = {name: value for name, value in edition.balloting.items() if name != DISTRICT_BY}
    chosen = {} if new.district_by is DistrictBy.ANY else {DISTRICT_BY: new.district_by.value}
    saved = {one.key: one for one in edition.contests}
    return {
        "contests_by": new.by,
        "balloting": {**others, **chosen},
        "contests": [
            {
                "key": row.key,
                "budget": row.budget,
                "balloting": {
                    **_others(saved[row.key].balloting if row.key in saved else {}),
                    **dict(row.limits),
                },
                "counting": dict(saved[row.key].counting) if row.key in saved else {},
                "transfer_to": row.transfer_to,
            }
            for row in rows
        ],
    }


def must_be_countable(edition: Edition, new: Contests) -> None:
    """Raise Invalid for more money than there is, money that flows in a circle, or limits that contradict."""
    if new.by is ContestsBy.ONE:
        return
    if not new.rows:
        raise Invalid(_("Say how much money at least one district or the whole city has."))
    if edition.envelopes:
        raise Conflict(
            _("Categories have money of their own. Take that away first, under money and counting rule.")
        )
    over = sum(row.budget for row in new.rows) - edition.budget
    if over > 0:
        amount = money(over, edition.currency)
        raise Invalid(
            _("The districts and the whole city have %(amount)s more than there is in all.", amount=amount)
        )
    keys = {row.key for row in new.rows}
    for row in new.rows:
        if row.transfer_to is not None and row.transfer_to not in keys:
            raise Invalid(
                _("What %(name)s leaves can only go where there is money.", name=name_of(edition, row.key))
            )
        _limits_must_fit(edition, row)
    try:
        in_flow({row.key: row.transfer_to for row in new.rows})
    except ValueError:
        raise Invalid(_("Money that is left would go round in a circle. Let it stay somewhere.")) from None


def unassigned(edition: Edition) -> int:
    """Return the money that no contest has."""
    return edition.budget - sum(one.budget for one in edition.contests)


def name_of(edition: Edition, key: str) -> str:
    """Return what a contest is called in a list of all."""
    return Names(edition).district(key) if key else _("Whole city")


def forget_district(edition: Edition, key: str) -> None:
    """Take a district's contest out, and let money stay that would have gone there."""
    for contest in list(edition.contests):
        if contest.key == key and key != CITYWIDE:
            edition.contests.remove(contest)
        elif contest.transfer_to == key:
            contest.transfer_to = None


def _limits_must_fit(edition: Edition, row: ContestRow) -> None:
    try:
        ballot_rule_with(ballot_rule(edition), {**edition.balloting, **dict(row.limits)})
    except ValueError as error:
        raise Invalid(
            _(
                "%(name)s: the limits contradict one another (%(part)s).",
                name=name_of(edition, row.key),
                part=error,
            )
        ) from error


def _limits(parts: Mapping[str, object]) -> tuple[tuple[str, int], ...]:
    return tuple((name, found) for name in LIMITS if isinstance(found := parts.get(name), int))


def _others(parts: Mapping[str, object], names: Iterable[str] = LIMITS) -> dict[str, object]:
    return {name: value for name, value in parts.items() if name not in names}
