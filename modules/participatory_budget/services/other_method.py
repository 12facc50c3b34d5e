"""The one rule that can change after the close: how money is handed out, where the best choice in all cannot be found.

Only while no count has decided anything: nobody can choose the rule by its winners.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import exists, or_, select

from app.sdk import db

from ..models import ContestResult, Count, CountState, Edition, Failure
from ..rules.outcomes import Method
from ..rules.phases import Stage
from ..rules.winners import fits
from .counting import latest
from .settings_of import contests_of

Document = Mapping[str, object]


def may_choose(edition: Edition, *, since: datetime | None = None) -> bool:
    """Tell whether another method can be chosen; with `since`, whether it was wanted after the count had failed."""
    count = latest(edition)
    if count is None or count.failure != Failure.TOO_MANY_TOTALS or count.finished_at is None:
        return False
    if edition.stage is not Stage.COUNTING or edition.imported or not has_optimum(edition):
        return False
    return (since is None or since >= count.finished_at) and not was_decided(edition)


def was_decided(edition: Edition) -> bool:
    """Tell whether a count of this edition, published or not, has said who gets the money."""
    results = exists().where(ContestResult.count_id == Count.id)
    mine = exists().where(Count.edition_id == edition.id, or_(Count.state == CountState.DONE, results))
    return bool(db.session.scalar(select(mine)))


def has_optimum(edition: Edition) -> bool:
    """Tell whether the best choice in all is looked for in some contest."""
    return bool(settings_by(edition, Method.GREEDY_SKIP))


def methods(edition: Edition) -> Sequence[Method]:
    """Return what can be chosen instead."""
    return [one for one in Method if one is not Method.OPTIMUM and fits(one, edition.ballot_type)]


def settings_by(edition: Edition, method: Method) -> Document:
    """Return the settings that change when a method takes the place of the best choice in all; nothing else does."""
    found: dict[str, object] = {"method": method} if edition.method is Method.OPTIMUM else {}
    own = contests_of(edition)
    contests = [_with(one, method) for one in own]
    return found if contests == own else {**found, "contests": contests}


def is_allowed(edition: Edition, wanted: Document, *, since: datetime | None = None) -> bool:
    """Tell whether a change is that of the method and of nothing else, and can be made now."""
    changes = [settings_by(edition, method) for method in methods(edition)]
    return wanted in changes and may_choose(edition, since=since)


def _with(contest: dict[str, object], method: Method) -> dict[str, object]:
    counting = contest["counting"]
    if not isinstance(counting, Mapping) or counting.get("method") != Method.OPTIMUM:
        return contest
    return {**contest, "counting": {**counting, "method": method}}
