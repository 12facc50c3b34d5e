"""The rules of an edition, and of each contest in it."""

from app.sdk import NotFound, _

from ..models import Contest, Edition
from ..rules.ballots import BallotRule, BallotType
from ..rules.contests import CITYWIDE, ContestsBy
from ..rules.outcomes import Rule
from ..rules.rule_parts import ballot_rule_with, rule_with


def ballot_rule(edition: Edition, contest: str = CITYWIDE) -> BallotRule:
    """Return the limits of one ballot in a contest: the edition's, and over them the contest's own."""
    part = contest_by_key(edition, contest)
    money = part.budget if part else edition.budget
    rule = BallotRule(
        type=edition.ballot_type,
        max_choices=edition.max_choices,
        max_per_category=edition.max_per_category,
        budget=money if edition.ballot_type is BallotType.KNAPSACK else None,
    )
    return ballot_rule_with(rule, {**edition.balloting, **(part.balloting if part else {})})


def count_rule(edition: Edition, contest: str = CITYWIDE) -> Rule:
    """Return the rule of the count of a contest: the edition's, and over it the contest's own.

    The money of categories is the edition's where all projects stand together. A contest that divides its money
    says so itself, with `envelopes` among its parts.
    """
    part = contest_by_key(edition, contest)
    rule = Rule(
        budget=part.budget if part else edition.budget,
        envelopes={} if part else edition.envelopes,
        method=edition.method,
        tie_break=edition.tie_break,
        min_votes=edition.min_votes,
        completion=edition.completion,
    )
    return rule_with(rule, {**edition.counting, **(part.counting if part else {})})


def contest_by_key(edition: Edition, key: str) -> Contest | None:
    """Return a contest of an edition, None for the one of an edition without; raises NotFound for another key."""
    if edition.contests_by is ContestsBy.ONE:
        return None
    found = next((contest for contest in edition.contests if contest.key == key), None)
    if found is None and key != CITYWIDE:
        raise NotFound(_("There is no such contest."))
    return found
