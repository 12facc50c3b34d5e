"""What staff can do next with an edition, whatever page asks."""

from enum import StrEnum

from app.sdk import now

from ..models import Count, CountState, Edition
from ..rules.checklist import Setup, may_open
from ..rules.phases import Phase, Stage
from .certifying import is_certified
from .counting import is_current, may_start, money_is_complete
from .editions import may_change, may_open_now, phase


class Step(StrEnum):
    """One move of an edition; each has a page that asks first."""

    SHOW = "show"
    HIDE = "hide"
    FIX = "fix"
    RELEASE = "release"
    OPEN = "open"
    EXTEND = "extend"
    CLOSE = "close"
    COUNT = "count"
    CERTIFY = "certify"
    PUBLISH = "publish"
    DELETE = "delete"


def steps(edition: Edition, setup: Setup, count: Count | None) -> tuple[Step, ...]:
    """Return the steps that are open now, the most likely one first; `count` is the newest count."""
    found = phase(edition)
    if edition.imported and edition.stage is Stage.DRAFT:
        return (Step.COUNT, Step.DELETE) if money_is_complete(edition) else (Step.DELETE,)
    if may_change(edition):
        return _of_preparation(edition, setup)
    if found is Phase.PUBLISHED:
        return (Step.OPEN, Step.EXTEND, Step.RELEASE)
    if found is Phase.VOTING:
        return (Step.EXTEND, Step.CLOSE)
    return _of_count(edition, count)


def _of_preparation(edition: Edition, setup: Setup) -> tuple[Step, ...]:
    hidden = edition.stage is Stage.DRAFT
    possible = {
        Step.OPEN: may_open_now(setup, edition.closes_at),
        Step.FIX: may_open(setup, now()),
        Step.SHOW: hidden,
        Step.HIDE: not hidden,
        Step.DELETE: hidden,
    }
    return tuple(step for step, open_now in possible.items() if open_now)


def _of_count(edition: Edition, count: Count | None) -> tuple[Step, ...]:
    if count is None or count.state is CountState.RUNNING or not may_start(edition):
        return ()
    if count.state is CountState.FAILED:
        return (Step.COUNT,)
    if not is_current(edition, count):
        return (Step.COUNT,)
    return (Step.PUBLISH if is_certified(count) else Step.CERTIFY, Step.COUNT)
