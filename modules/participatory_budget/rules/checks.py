"""What is wrong with a ballot: contest by contest, each under limits of its own."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from .ballots import HIGHEST_NUMBER, BallotRule, BallotType, Option, Problem, ProblemCode, check_choices
from .contests import ContestsBy, contest_of
from .marks import HIGHEST_MARK, Marks, marks_within

Paper = Mapping[int, Option]
"""The projects on the ballot paper by their numbers."""


def check_ballot(
    marks: Marks, paper: Paper, rules: Mapping[str, BallotRule], by: ContestsBy
) -> tuple[Problem, ...]:
    """Return everything that is wrong with a ballot; nothing means that it can be cast.

    `rules` has the contests in which the voter takes part, and no other. She may pass over a contest altogether;
    where she marks something, the limits of that contest hold.
    """
    strangers = (*_strangers(marks, paper, rules, by), *_torn(marks, rules))
    by_contest = {key: contest_options(paper, by, key) for key in rules}
    kinds = {key: rule.type for key, rule in rules.items()}
    parts = {key: marks_within(kinds[key], marks, options) for key, options in by_contest.items()}
    if not any(parts.values()):
        return strangers or _nothing_chosen(rules)
    return strangers + tuple(
        replace(problem, contest=key)
        for key, part in parts.items()
        if part
        for problem in check_marks(part, by_contest[key], rules[key])
    )


def contest_options(paper: Paper, by: ContestsBy, contest: str) -> Paper:
    """Return the projects of one contest by their numbers."""
    if by is ContestsBy.ONE:
        return paper
    return {number: option for number, option in paper.items() if contest_of(option, by) == contest}


def check_marks(marks: Marks, options: Iterable[Option] | Paper, rule: BallotRule) -> tuple[Problem, ...]:
    """Return what is wrong with the marks of one contest."""
    paper = options if isinstance(options, Mapping) else {option.number: option for option in options}
    known = {number: mark for number, mark in marks.items() if number in paper}
    return (
        *check_choices(tuple(marks), paper, rule),
        *_wrong_marks(known, rule),
        *_points(known, rule),
        *_ranking(known, rule),
        *_missing(known, len(paper), rule),
    )


def highest_mark(rule: BallotRule) -> int:
    """Return the highest mark that one project can get."""
    match rule.type:
        case BallotType.POINTS:
            limits = (rule.max_points, rule.points, HIGHEST_MARK)
            return min(limit for limit in limits if limit is not None)
        case BallotType.RANKED:
            return HIGHEST_NUMBER
        case BallotType.JUDGEMENT:
            return len(rule.grades)
        case _:
            return 1


def most_typed(rule: BallotRule) -> int:
    """Return the highest mark a draft can hold: points beyond the limits stay, so that a voter sees what is too much."""
    return HIGHEST_MARK if rule.type is BallotType.POINTS else highest_mark(rule)


def points_left(marks: Marks, rule: BallotRule) -> int | None:
    """Return the points a voter still has, below zero when she gave too many; None without such a limit."""
    if rule.type is not BallotType.POINTS or rule.points is None:
        return None
    return rule.points - sum(marks.values())


def _strangers(
    marks: Marks, paper: Paper, rules: Mapping[str, BallotRule], by: ContestsBy
) -> Iterable[Problem]:
    for number in marks:
        if number not in paper:
            yield Problem(ProblemCode.UNKNOWN_PROJECT, project=number)
        elif contest_of(paper[number], by) not in rules:
            yield Problem(ProblemCode.WRONG_DISTRICT, project=number)


def _torn(marks: Marks, rules: Mapping[str, BallotRule]) -> Iterable[Problem]:
    """Say that places are missing or taken twice; the ranking of a whole ballot has none such."""
    return () if not rules else _ranking(marks, next(iter(rules.values())))


def _nothing_chosen(rules: Mapping[str, BallotRule]) -> tuple[Problem, ...]:
    least = min((rule.min_choices for rule in rules.values()), default=1)
    return (Problem(ProblemCode.EMPTY, limit=max(1, least)),)


def _wrong_marks(marks: Marks, rule: BallotRule) -> Iterable[Problem]:
    highest = most_typed(rule)
    for number, mark in marks.items():
        if not 1 <= mark <= highest:
            yield Problem(ProblemCode.WRONG_MARK, project=number)


def _points(marks: Marks, rule: BallotRule) -> Iterable[Problem]:
    left = points_left(marks, rule)
    if left is not None and left < 0:
        yield Problem(ProblemCode.TOO_MANY_POINTS, limit=rule.points, by=-left)
    if rule.type is not BallotType.POINTS or rule.max_points is None:
        return
    for number, mark in marks.items():
        if mark > rule.max_points:
            code = ProblemCode.TOO_MANY_POINTS_FOR_ONE
            yield Problem(code, project=number, limit=rule.max_points, chosen=mark)


def _ranking(marks: Marks, rule: BallotRule) -> Iterable[Problem]:
    if rule.type is BallotType.RANKED and sorted(marks.values()) != list(range(1, len(marks) + 1)):
        yield Problem(ProblemCode.GAP_IN_RANKING)


def _missing(marks: Marks, projects: int, rule: BallotRule) -> Iterable[Problem]:
    if rule.type is BallotType.JUDGEMENT and rule.mark_all and len(marks) < projects:
        yield Problem(ProblemCode.GRADES_MISSING, limit=projects, chosen=len(marks))
