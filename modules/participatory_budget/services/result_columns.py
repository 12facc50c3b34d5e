"""What decided a result, as columns of its files: points, or how many gave each grade."""

import re
from collections.abc import Iterable

from app.sdk import _

from ..rules.ballots import BallotRule, BallotType
from ..rules.counting.judgement import Judgement
from ..rules.outcomes import Outcome
from .scales import Scale
from .wording import grade_name

Column = tuple[str, str, str]
"""Its name, its type in words of the Table Schema, and what it says."""


def columns(ballots: Iterable[BallotRule]) -> list[Column]:
    """Return the columns that these ballots need; contests may have grades of their own."""
    rules = list(ballots)
    found: list[Column] = []
    if any(rule.type in (BallotType.POINTS, BallotType.RANKED) for rule in rules):
        found.append(("points", "integer", _("Points in all; they decide the order")))
    judged = [rule for rule in rules if rule.type is BallotType.JUDGEMENT]
    if not judged:
        return found
    grades = {name: about for rule in judged for name, about in _grades(rule).items()}
    return [
        *found,
        ("majority_grade", "string", _("Key of the grade that half of the voters gave at least")),
        ("majority_grade_name", "string", _("Name of that grade")),
        *((name, "integer", about) for name, about in grades.items()),
        ("no_grade", "integer", _("Ballots that gave this project no grade; they count with the lowest")),
    ]


def numbers(scale: Scale, outcome: Outcome) -> dict[str, str | int | None]:
    """Return what decided about one project, by the names of the columns."""
    given = grades(scale, outcome)
    if not given:
        return {"points": points(scale, outcome)} if scale.has_points else {}
    middle = majority_grade(scale, outcome)
    return {
        "majority_grade": middle,
        "majority_grade_name": grade_name(middle) if middle else None,
        **{_name(place, key): ballots for place, (key, ballots) in enumerate(given, start=1)},
        "no_grade": scale.voters - sum(outcome.grades),
    }


def points(scale: Scale, outcome: Outcome) -> int | None:
    """Return the points of a project; None where it has votes or grades."""
    return outcome.score if scale.has_points else None


def grades(scale: Scale, outcome: Outcome) -> list[tuple[str, int]]:
    """Return how many ballots gave each grade, the lowest first; those that gave none count with the lowest."""
    if not scale.is_judged or not outcome.grades:
        return []
    judged = Judgement.of(outcome.grades, scale.voters)
    return list(zip(scale.ballot.grades, judged.grades, strict=True))


def majority_grade(scale: Scale, outcome: Outcome) -> str | None:
    """Return the key of the grade that half of the ballots gave at least; None without grades."""
    if not scale.is_judged or not outcome.grades:
        return None
    return scale.ballot.grades[Judgement.of(outcome.grades, scale.voters).majority_grade - 1]


def _grades(rule: BallotRule) -> dict[str, str]:
    most = len(rule.grades)
    return {
        _name(place, key): _(
            "Ballots that gave “%(grade)s”, grade %(place)s of %(most)s",
            grade=grade_name(key),
            place=place,
            most=most,
        )
        for place, key in enumerate(rule.grades, start=1)
    }


def _name(place: int, key: str) -> str:
    """Return a name that programs take as it is; 1 is the lowest grade."""
    plain = re.sub(r"\W+", "_", key)
    return f"grade_{place}_{plain}"
