"""What must be complete before a vote can be opened."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from .ballots import HIGHEST_NUMBER, BallotRule, BallotType, Option
from .phases import Window


class Task(StrEnum):
    """One line of the checklist, in the order in which it is shown."""

    TEXTS = "texts"
    MONEY = "money"
    PROJECTS = "projects"
    COSTS = "costs"
    CATEGORIES = "categories"
    CONTESTS = "contests"
    BALLOT = "ballot"
    VOTERS = "voters"
    DATES = "dates"


@dataclass(frozen=True, slots=True)
class Setup:
    """An edition as far as staff have filled it in; money in minor units."""

    rule: BallotRule = field(default_factory=BallotRule)
    options: tuple[Option, ...] = ()
    budget: int = 0
    envelopes: Mapping[str, int] = field(default_factory=dict)
    """Money of each category; empty when all projects compete for one budget."""
    contests: Mapping[str, int] | None = None
    """Money of each contest by the key of its district; None where all projects stand together."""
    window: Window | None = None
    texts_missing: tuple[str, ...] = ()
    """Names of the texts that are empty in the city's first language."""
    unknown: tuple[str, ...] = ()
    """What the rule of who can vote asks for and the city does not know."""


@dataclass(frozen=True, slots=True)
class Check:
    """A task, whether it is done, and what stands in the way."""

    task: Task
    done: bool
    projects: tuple[int, ...] = ()
    """Numbers of the projects to look at."""
    names: tuple[str, ...] = ()
    """Texts or categories to look at."""


def opening_checklist(setup: Setup, at: datetime) -> tuple[Check, ...]:
    """Return every task, done or not; the vote can be made ready when all are done."""
    costs = _wrong_costs(setup)
    unpaid = _categories_without_money(setup)
    return (
        Check(Task.TEXTS, not setup.texts_missing, names=setup.texts_missing),
        Check(Task.MONEY, _money_is_set(setup)),
        Check(Task.PROJECTS, _projects_can_be_voted_on(setup)),
        Check(Task.COSTS, not costs, projects=costs),
        Check(Task.CATEGORIES, not unpaid, names=unpaid),
        *_contests(setup),
        Check(Task.BALLOT, _ballot_is_sound(setup.rule)),
        Check(Task.VOTERS, not setup.unknown, names=setup.unknown),
        Check(Task.DATES, _dates_are_sound(setup.window, at)),
    )


def may_open(setup: Setup, at: datetime) -> bool:
    """Tell whether everything on the checklist is done."""
    return all(check.done for check in opening_checklist(setup, at))


def _money_is_set(setup: Setup) -> bool:
    if setup.contests is not None:
        return bool(setup.contests) and 0 < sum(setup.contests.values()) <= setup.budget
    if not setup.envelopes:
        return setup.budget > 0
    return min(setup.envelopes.values()) > 0 and sum(setup.envelopes.values()) <= setup.budget


def _projects_can_be_voted_on(setup: Setup) -> bool:
    numbers = {option.number for option in setup.options}
    distinct = len(numbers) == len(setup.options)
    return distinct and len(numbers) >= 2 and all(0 < number <= HIGHEST_NUMBER for number in numbers)


def _wrong_costs(setup: Setup) -> tuple[int, ...]:
    """Return the projects that cost nothing or more than there is for them."""

    def most(option: Option) -> int:
        if setup.contests is not None:
            return setup.contests.get(option.district, setup.budget)
        return setup.envelopes.get(option.category, setup.budget)

    return tuple(option.number for option in setup.options if not 0 < option.cost <= most(option))


def _categories_without_money(setup: Setup) -> tuple[str, ...]:
    """Return categories on the paper that have no envelope, where envelopes are used."""
    used = {option.category for option in setup.options}
    return tuple(sorted(used - set(setup.envelopes))) if setup.envelopes else ()


def _contests(setup: Setup) -> tuple[Check, ...]:
    """Return the check of districts with projects and no contest, where districts vote apart."""
    if setup.contests is None:
        return ()
    apart = tuple(sorted({option.district for option in setup.options} - set(setup.contests)))
    return (Check(Task.CONTESTS, not apart, names=apart),)


def _ballot_is_sound(rule: BallotRule) -> bool:
    limits = (rule.max_choices, rule.max_per_category, rule.budget)
    if any(limit is not None and limit < 1 for limit in limits):
        return False
    if rule.type is BallotType.KNAPSACK and rule.budget is None:
        return False
    if rule.type is BallotType.POINTS and rule.points is None:
        return False
    if rule.type is BallotType.JUDGEMENT and len(rule.grades) < 2:
        return False
    return rule.max_choices is None or rule.min_choices <= rule.max_choices


def _dates_are_sound(window: Window | None, at: datetime) -> bool:
    return window is not None and window.in_order and at < window.closes_at
