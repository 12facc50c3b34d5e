"""The money and the limits of a ballot as staff fill them in, and as parts of the settings of an edition."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from app.sdk import Invalid, _, money

from ..models import Edition
from ..rules.ballots import BallotRule, BallotType
from ..rules.equal_shares import Completion
from ..rules.outcomes import Method, Rule
from ..rules.rule_parts import ballot_rule_with, rule_with
from ..rules.ties import TieBreak
from ..rules.winners import fits
from .rule_words import USUAL, method_name, why_unfit

BALLOTING_PARTS = ("min_choices", "points", "max_points", "grades", "mark_all", "withdraw")
COUNTING_PARTS = (
    "comparison",
    "min_share",
    "max_winners",
    "exclusive",
    "top_up",
    "stop_tolerance",
)
"""Parts of the rules that the forms ask for; others in the same objects stay as they are."""
SHORTEST_SEED = 16


@dataclass(frozen=True, slots=True)
class Money:
    """The money and the rule of the count; envelopes by category id, None where a category has none."""

    budget: int
    method: Method
    tie_break: TieBreak
    min_votes: int
    envelopes: Mapping[UUID, int | None]
    completion: Completion = Completion.ADD1U
    parts: Mapping[str, object] = field(default_factory=dict)
    """Further parts of the rule by the names of its fields, of those in COUNTING_PARTS."""
    lot_seed: str | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What one voter can choose; None means that there is no such limit."""

    type: BallotType
    max_choices: int | None = None
    max_per_category: int | None = None
    parts: Mapping[str, object] = field(default_factory=dict)
    """Further parts of the rule by the names of its fields, of those in BALLOTING_PARTS."""


def money_of(edition: Edition) -> Money:
    """Return the money and the rule of the count as they are saved."""
    envelopes = {category.id: category.envelope for category in edition.categories}
    return Money(
        edition.budget,
        edition.method,
        edition.tie_break,
        edition.min_votes,
        envelopes,
        edition.completion,
        _asked_for(edition.counting, COUNTING_PARTS),
        edition.lot_seed,
    )


def limits_of(edition: Edition) -> Limits:
    """Return the limits of one ballot as they are saved."""
    parts = _asked_for(edition.balloting, BALLOTING_PARTS)
    return Limits(edition.ballot_type, edition.max_choices, edition.max_per_category, parts)


def money_document(edition: Edition, new: Money) -> dict[str, object]:
    """Return the money and the rule of the count as parts of the settings."""
    named = {category.id: category.key for category in edition.categories}
    return {
        "budget": new.budget,
        "method": new.method,
        "tie_break": new.tie_break,
        "min_votes": new.min_votes,
        "completion": new.completion,
        "counting": _with_parts(edition.counting, new.parts, COUNTING_PARTS),
        "envelopes": {
            named[key]: amount for key, amount in new.envelopes.items() if key in named and amount is not None
        },
    }


def limits_document(edition: Edition, limits: Limits) -> dict[str, object]:
    """Return the limits of a ballot as parts of the settings; a counting rule that no longer fits becomes the usual."""
    method = edition.method if fits(edition.method, limits.type) else USUAL[limits.type]
    return {
        "ballot_type": limits.type,
        "max_choices": limits.max_choices,
        "max_per_category": limits.max_per_category,
        "balloting": _with_parts(edition.balloting, limits.parts, BALLOTING_PARTS),
        "method": method,
    }


def must_make_sense(edition: Edition, document: Mapping[str, object]) -> None:
    """Raise Invalid for settings that contradict one another."""
    kind = BallotType(str(document.get("ballot_type", edition.ballot_type)))
    method = Method(str(document.get("method", edition.method)))
    if not fits(method, kind):
        raise Invalid(
            _(
                "This rule does not fit the ballot: %(method)s (%(why)s).",
                method=method_name(method),
                why=why_unfit(method),
            )
        )
    limits = BallotRule(
        type=kind,
        max_choices=_number(document.get("max_choices", edition.max_choices)),
        max_per_category=_number(document.get("max_per_category", edition.max_per_category)),
    )
    try:
        ballot_rule_with(limits, _part(document, "balloting", edition.balloting))
        rule_with(Rule(budget=0), _part(document, "counting", edition.counting))
    except ValueError as error:
        raise Invalid(_("The rule contradicts itself (%(part)s).", part=str(error))) from error


def must_be_enough(edition: Edition, new: Money) -> None:
    """Raise Invalid for categories with more money than there is in all, and for a seed that can be guessed."""
    over = sum(envelope or 0 for envelope in new.envelopes.values()) - new.budget
    if over > 0:
        amount = money(over, edition.currency)
        raise Invalid(_("The categories have %(amount)s more than there is in all.", amount=amount))
    if new.lot_seed is not None and len(new.lot_seed) < SHORTEST_SEED:
        raise Invalid(_("A secret seed has at least %(least)s characters.", least=SHORTEST_SEED))


def _part(document: Mapping[str, object], name: str, saved: Mapping[str, object]) -> Mapping[str, object]:
    found = document.get(name, saved)
    return found if isinstance(found, Mapping) else {}


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _asked_for(document: Mapping[str, object], names: Collection[str]) -> dict[str, object]:
    return {name: document[name] for name in names if name in document}


def _with_parts(
    document: Mapping[str, object], parts: Mapping[str, object], names: Collection[str]
) -> dict[str, object]:
    others = {name: value for name, value in document.items() if name not in names}
    return {**others, **parts}
