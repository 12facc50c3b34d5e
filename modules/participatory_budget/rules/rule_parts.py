"""Parts of a ballot's and of a count's rule as a JSON object by the names of their fields, and the rules with them.

An edition keeps what it has no column for in such an object, and a contest what differs from its edition.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, replace
from enum import StrEnum
from typing import Any, TypeVar

from .ballots import HIGHEST_NUMBER, BallotRule
from .equal_shares import Completion
from .marks import HIGHEST_MARK
from .outcomes import Method, Rule
from .ties import TieBreak

AnyRule = TypeVar("AnyRule", BallotRule, Rule)
Read = Callable[[object], object]

KEPT_FOR_OTHERS = frozenset({"district_by", "withdraw", "lot"})
"""Settings beside the two rules that live in the same objects; the rules pass over them."""
_IN_COLUMNS = frozenset({"type", "budget", "envelopes", "max_choices", "max_per_category"}) | frozenset(
    {"method", "tie_break", "min_votes", "completion"}
)
"""What an edition has a column for."""
HIGHEST_MONEY = 2**63 - 1
MOST_GRADES = 20


def ballot_rule_with(rule: BallotRule, document: Mapping[str, object]) -> BallotRule:
    """Return the limits of a ballot with the parts that an object names; ValueError for nonsense."""
    found = _with(rule, document, _BALLOT)
    if found.points is not None and (found.max_points or 0) > found.points:
        raise ValueError("max_points: no project can get more points than a voter has")
    if found.max_choices is not None and found.min_choices > found.max_choices:
        raise ValueError("min_choices: more than the ballot can hold")
    return found


def rule_with(rule: Rule, document: Mapping[str, object]) -> Rule:
    """Return the rule of a count with the parts that an object names; ValueError for nonsense."""
    return _with(rule, document, _COUNT)


def parts_of(rule: BallotRule | Rule, base: BallotRule | Rule | None = None) -> dict[str, object]:
    """Return the object that makes a rule: of the parts without a column, or of all that differ from `base`."""
    usual = base or (BallotRule() if isinstance(rule, BallotRule) else Rule(budget=0))
    known: Mapping[str, Read] = _BALLOT if isinstance(rule, BallotRule) else _COUNT
    values = {field.name: getattr(rule, field.name) for field in fields(rule)}
    return {
        name: _plain(value)
        for name, value in values.items()
        if name in known and (base is not None or name not in _IN_COLUMNS) and value != getattr(usual, name)
    }


def _with(rule: AnyRule, document: Mapping[str, object], known: Mapping[str, Read]) -> AnyRule:
    parts: dict[str, Any] = dict(_read(document, known))
    return replace(rule, **parts)


def _read(document: Mapping[str, object], known: Mapping[str, Read]) -> Iterator[tuple[str, object]]:
    for name, value in document.items():
        if name in KEPT_FOR_OTHERS:
            continue
        if name not in known:
            raise ValueError(f"{name}: no such part of the rule")
        try:
            yield name, known[name](value)
        except (TypeError, ValueError) as error:
            raise ValueError(f"{name}: {error}") from None


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return dict(value) if isinstance(value, Mapping) else value


def _whole(least: int, most: int) -> Read:
    def read(value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise ValueError(f"a whole number from {least} to {most} expected")
        return value

    return read


def _or_none(read: Read) -> Read:
    return lambda value: None if value is None else read(value)


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("true or false expected")
    return value


def _one_of(choices: type[StrEnum]) -> Read:
    def read(value: object) -> StrEnum:
        if value not in set(choices):
            raise ValueError(f"{' or '.join(choices)} expected")
        return choices(str(value))

    return read


def _listed(value: object) -> list[object]:
    if not isinstance(value, list | tuple):
        raise TypeError("a list expected")
    return list(value)


def _grades(value: object) -> tuple[str, ...]:
    names = _listed(value)
    found = tuple(name for name in names if isinstance(name, str) and name)
    if len(found) != len(names) or len(set(found)) != len(found):
        raise ValueError("different words expected")
    if len(found) == 1 or len(found) > MOST_GRADES:
        raise ValueError(f"2 to {MOST_GRADES} grades expected")
    return found


def _groups(value: object) -> tuple[tuple[int, ...], ...]:
    return tuple(sorted({_group(group) for group in _listed(value)}))


def _group(value: object) -> tuple[int, ...]:
    read = _whole(1, HIGHEST_NUMBER)
    found = sorted({number for one in _listed(value) if isinstance(number := read(one), int)})
    if len(found) < 2:
        raise ValueError("groups of at least two projects expected")
    return tuple(found)


def _money_by_name(value: object) -> dict[str, int]:
    if not isinstance(value, Mapping):
        raise TypeError("an object expected")
    read = _whole(0, HIGHEST_MONEY)
    return {str(name): money for name, one in value.items() if isinstance(money := read(one), int)}


_BALLOT: Mapping[str, Read] = {
    "min_choices": _whole(0, HIGHEST_NUMBER),
    "max_choices": _or_none(_whole(1, HIGHEST_NUMBER)),
    "max_per_category": _or_none(_whole(1, HIGHEST_NUMBER)),
    "budget": _or_none(_whole(0, HIGHEST_MONEY)),
    "points": _or_none(_whole(1, HIGHEST_MARK)),
    "max_points": _or_none(_whole(1, HIGHEST_MARK)),
    "grades": _grades,
    "mark_all": _truth,
}
_COUNT: Mapping[str, Read] = {
    "envelopes": _money_by_name,
    "method": _one_of(Method),
    "tie_break": _one_of(TieBreak),
    "min_votes": _whole(0, HIGHEST_MONEY),
    "completion": _one_of(Completion),
    "step": _or_none(_whole(1, HIGHEST_MONEY)),
    "exhaustive_stop": _truth,
    "comparison": _truth,
    "min_share": _or_none(_whole(1, 1000)),
    "max_winners": _or_none(_whole(1, HIGHEST_NUMBER)),
    "exclusive": _groups,
    "top_up": _truth,
    "stop_tolerance": _or_none(_whole(1, 100)),
}
