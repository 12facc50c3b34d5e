"""What a voter may choose, what is wrong with a choice, and how a choice is stored."""

import struct
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

HIGHEST_NUMBER = 65_535
"""The highest number a project can have on the ballot paper: a choice is stored in two bytes."""


class BallotType(StrEnum):
    """How a voter chooses."""

    APPROVAL = "approval"
    """Some projects, so many in all or in each category."""
    KNAPSACK = "knapsack"
    """Projects whose costs together stay within an amount of money."""
    POINTS = "cumulative"
    """So many points, shared out among projects."""
    RANKED = "ranked"
    """Projects in the order of preference."""
    JUDGEMENT = "majority-judgement"
    """A grade for every project."""


@dataclass(frozen=True, slots=True)
class BallotRule:
    """The limits of one ballot; `None` means that there is no such limit."""

    type: BallotType = BallotType.APPROVAL
    max_choices: int | None = None
    max_per_category: int | None = None
    budget: int | None = None
    min_choices: int = 1
    points: int | None = None
    """With POINTS: how many a voter has."""
    max_points: int | None = None
    """With POINTS: how many of them one project can get."""
    grades: tuple[str, ...] = ()
    """With JUDGEMENT: the keys of the grades, the lowest first; a mark of 1 is the first of them."""
    mark_all: bool = False
    """With JUDGEMENT: whether every project of the contest must have a grade."""

    @property
    def money(self) -> int | None:
        """Return the amount a voter can hand out, in minor units; only a knapsack ballot has one."""
        return self.budget if self.type is BallotType.KNAPSACK else None


@dataclass(frozen=True, slots=True)
class Option:
    """A project on the ballot paper; cost in minor units, no district means the whole city."""

    number: int
    cost: int
    category: str = ""
    district: str = ""


class ProblemCode(StrEnum):
    """Why a ballot cannot be cast as it is."""

    EMPTY = "empty"
    TOO_FEW = "too-few"
    TOO_MANY = "too-many"
    TOO_MANY_IN_CATEGORY = "too-many-in-category"
    OVER_BUDGET = "over-budget"
    UNKNOWN_PROJECT = "unknown-project"
    DUPLICATE = "duplicate"
    WRONG_DISTRICT = "wrong-district"
    WRONG_MARK = "wrong-mark"
    TOO_MANY_POINTS = "too-many-points"
    TOO_MANY_POINTS_FOR_ONE = "too-many-points-for-one"
    GAP_IN_RANKING = "gap-in-ranking"
    GRADES_MISSING = "grades-missing"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, with the numbers a sentence about it needs.

    EMPTY(limit) · TOO_FEW and TOO_MANY(limit, chosen) · TOO_MANY_IN_CATEGORY(category, limit, chosen) ·
    OVER_BUDGET(limit, by) · UNKNOWN_PROJECT, DUPLICATE, WRONG_DISTRICT and WRONG_MARK(project) ·
    TOO_MANY_POINTS(limit, by) · TOO_MANY_POINTS_FOR_ONE(project, limit, chosen) · GRADES_MISSING(limit, chosen).
    """

    code: ProblemCode
    project: int | None = None
    category: str = ""
    limit: int | None = None
    chosen: int | None = None
    by: int | None = None
    contest: str = ""
    """The contest it is about, of a ballot that takes part in several."""


@dataclass(frozen=True, slots=True)
class Remaining:
    """What a voter still has; below zero when a limit is passed, `None` when there is no limit."""

    choices: int | None = None
    money: int | None = None
    by_category: Mapping[str, int] = field(default_factory=dict)
    """Choices left in every category of the ballot paper; empty when categories have no limit."""


def check_choices(
    choices: Sequence[int],
    options: Iterable[Option] | Mapping[int, Option],
    rule: BallotRule,
    *,
    district: str | None = None,
) -> tuple[Problem, ...]:
    """Return everything that is wrong with a ballot; nothing means that it can be cast.

    A district limits the voter to projects of that district and of the whole city; `None` is no limit.
    Options by number spare the time to sort them when many ballots are checked.
    """
    paper = options if isinstance(options, Mapping) else {option.number: option for option in options}
    times = Counter(choices)
    chosen = [paper[number] for number in times if number in paper]
    return (
        *(Problem(ProblemCode.UNKNOWN_PROJECT, project=number) for number in times if number not in paper),
        *(Problem(ProblemCode.DUPLICATE, project=number) for number in times if times[number] > 1),
        *(
            Problem(ProblemCode.WRONG_DISTRICT, project=option.number)
            for option in chosen
            if district is not None and option.district not in ("", district)
        ),
        *_too_few(len(chosen), rule),
        *_too_many(chosen, rule),
        *_over_budget(chosen, rule),
    )


def remaining(choices: Iterable[int], options: Iterable[Option], rule: BallotRule) -> Remaining:
    """Return what is left to a voter after these choices; numbers not on the paper are passed over."""
    paper = {option.number: option for option in options}
    chosen = [paper[number] for number in dict.fromkeys(choices) if number in paper]
    in_category = Counter(option.category for option in chosen)
    categories = sorted({option.category for option in paper.values()})
    limit, each, money = rule.max_choices, rule.max_per_category, rule.money
    return Remaining(
        choices=None if limit is None else limit - len(chosen),
        money=None if money is None else money - sum(option.cost for option in chosen),
        by_category={} if each is None else {name: each - in_category[name] for name in categories},
    )


def obstacle(option: Option, left: Remaining, rule: BallotRule) -> Problem | None:
    """Return what forbids adding one more project to a ballot with this much left, if anything does."""
    if left.choices is not None and left.choices < 1:
        limit = rule.max_choices or 0
        return Problem(ProblemCode.TOO_MANY, limit=limit, chosen=limit - left.choices + 1)
    in_category = left.by_category.get(option.category, 1)
    if in_category < 1:
        limit = rule.max_per_category or 0
        code = ProblemCode.TOO_MANY_IN_CATEGORY
        return Problem(code, category=option.category, limit=limit, chosen=limit - in_category + 1)
    if left.money is not None and option.cost > left.money:
        return Problem(ProblemCode.OVER_BUDGET, limit=rule.money, by=option.cost - left.money)
    return None


def encode_choices(choices: Iterable[int]) -> bytes:
    """Return the one way to store a ballot: its numbers in rising order, two bytes each, high byte first.

    Equal ballots have equal bytes, and bytes sort as the numbers do. A number twice, or out of the range
    1 to 65,535, is a ValueError: such a ballot was not checked.
    """
    numbers = sorted(choices)
    if not _is_canonical(numbers):
        raise ValueError(f"not a set of project numbers: {numbers}")
    return struct.pack(f">{len(numbers)}H", *numbers)


def decode_choices(stored: bytes) -> tuple[int, ...]:
    """Return the numbers of a stored ballot; ValueError when the bytes are not what was written."""
    if len(stored) % 2:
        raise ValueError("a stored ballot has an even number of bytes")
    numbers = struct.unpack(f">{len(stored) // 2}H", stored)
    if not _is_canonical(numbers):
        raise ValueError(f"the numbers of a stored ballot rise strictly from 1: {numbers}")
    return numbers


def _is_canonical(numbers: Sequence[int]) -> bool:
    floor = 0
    for number in numbers:
        if not floor < number <= HIGHEST_NUMBER:
            return False
        floor = number
    return True


def _too_few(chosen: int, rule: BallotRule) -> Iterable[Problem]:
    if chosen >= rule.min_choices:
        return
    if not chosen:
        yield Problem(ProblemCode.EMPTY, limit=rule.min_choices)
        return
    yield Problem(ProblemCode.TOO_FEW, limit=rule.min_choices, chosen=chosen)


def _too_many(chosen: Sequence[Option], rule: BallotRule) -> Iterable[Problem]:
    if rule.max_choices is not None and len(chosen) > rule.max_choices:
        yield Problem(ProblemCode.TOO_MANY, limit=rule.max_choices, chosen=len(chosen))
    if rule.max_per_category is None:
        return
    for category, count in sorted(Counter(option.category for option in chosen).items()):
        if count > rule.max_per_category:
            code = ProblemCode.TOO_MANY_IN_CATEGORY
            yield Problem(code, category=category, limit=rule.max_per_category, chosen=count)


def _over_budget(chosen: Sequence[Option], rule: BallotRule) -> Iterable[Problem]:
    if rule.money is None:
        return
    cost = sum(option.cost for option in chosen)
    if cost > rule.money:
        yield Problem(ProblemCode.OVER_BUDGET, limit=rule.money, by=cost - rule.money)
