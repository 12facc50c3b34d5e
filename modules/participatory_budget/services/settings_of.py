"""The rules, money and dates of an edition as one document: what versions freeze and blueprints carry.

Its parts are named as the columns; `envelopes` is the money of each category by its key, `contests` a list.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import cast

from app.sdk import db

from ..models import Contest, Edition
from ..rules.ballots import BallotType
from ..rules.contests import ContestsBy
from ..rules.equal_shares import Completion
from ..rules.feasibility.flows import read_review, write_review
from ..rules.ideas.rules import read_idea_rules, write_idea_rules
from ..rules.outcomes import Method
from ..rules.ties import TieBreak

Document = Mapping[str, object]


def _instant(value: object) -> object:
    return datetime.fromisoformat(str(value)) if value is not None else None


def _object(value: object) -> Document:
    if not isinstance(value, Mapping):
        raise ValueError("an object expected")
    return value


def _as_it_is(value: object) -> object:
    return value


RULES: Mapping[str, Callable[[object], object]] = {
    "ballot_type": lambda value: BallotType(str(value)),
    "max_choices": _as_it_is,
    "max_per_category": _as_it_is,
    "balloting": _as_it_is,
    "budget": _as_it_is,
    "method": lambda value: Method(str(value)),
    "tie_break": lambda value: TieBreak(str(value)),
    "min_votes": _as_it_is,
    "completion": lambda value: Completion(str(value)),
    "counting": _as_it_is,
    "contests_by": lambda value: ContestsBy(str(value)),
    "eligibility": _as_it_is,
    "voting_ways": _as_it_is,
}
"""The columns of an edition that the vote depends on: frozen with the ballot, with how a value comes back from JSON."""
OTHERS: Mapping[str, Callable[[object], object]] = {
    # Nothing said is not the same as everything said as usual: the usual may change.
    "idea_rules": lambda value: write_idea_rules(read_idea_rules(_object(value))) if value != {} else {},
    "review_rules": lambda value: write_review(read_review(_object(value))),
}
"""Settings of other phases: they can change at any time, and are in a blueprint too. ValueError for nonsense."""
DATES: Mapping[str, Callable[[object], object]] = {"opens_at": _instant, "closes_at": _instant}


def settings_of(edition: Edition) -> dict[str, object]:
    """Return all rules, money and dates of an edition, as JSON has them."""
    return {
        **{name: _plain(getattr(edition, name)) for name in (*RULES, *DATES)},
        "envelopes": dict(edition.envelopes),
        "contests": contests_of(edition),
    }


def moment_text(moment: datetime) -> str:
    """Return an instant as settings have it; a database gives it by a clock of its own, and all read the same."""
    return moment.astimezone(UTC).isoformat()


def contests_of(edition: Edition) -> list[dict[str, object]]:
    """Return the contests of an edition in order."""
    return [
        {
            "key": contest.key,
            "budget": contest.budget,
            "balloting": dict(contest.balloting),
            "counting": dict(contest.counting),
            "transfer_to": contest.transfer_to,
        }
        for contest in edition.contests
    ]


def apply_settings(edition: Edition, document: Document) -> None:
    """Set what a document names; the rest stays. Whoever calls has checked that it may be and that it makes sense."""
    for name, read in {**RULES, **OTHERS, **DATES}.items():
        if name in document:
            setattr(edition, name, read(document[name]))
    if "envelopes" in document:
        money = cast("Mapping[str, int]", document["envelopes"])
        for category in edition.categories:
            category.envelope = money.get(category.key)
    if "contests" in document:
        _set_contests(edition, cast("Sequence[Document]", document["contests"]))


def _set_contests(edition: Edition, contests: Sequence[Document]) -> None:
    known = {contest.key: contest for contest in edition.contests}
    wanted = {str(one["key"]): one for one in contests}
    for key in known.keys() - wanted.keys():
        edition.contests.remove(known[key])
    db.session.flush()
    for position, (key, one) in enumerate(wanted.items()):
        contest = known.get(key) or Contest(key=key)
        contest.position = position
        contest.budget = cast("int", one["budget"])
        contest.balloting = dict(cast("Document", one["balloting"]))
        contest.counting = dict(cast("Document", one["counting"]))
        contest.transfer_to = cast("str | None", one["transfer_to"])
        if key not in known:
            edition.contests.append(contest)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return moment_text(value)
    return dict(value) if isinstance(value, Mapping) else value
