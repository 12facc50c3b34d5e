"""An edition that another city can take: its file, read as if somebody wished us ill.

A blueprint has no projects, no people and no dates: times are days from the first one, with the time of the clock.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum

from .ballots import BallotRule, BallotType
from .contests import ContestsBy
from .counting.transfers import in_flow
from .equal_shares import Completion
from .outcomes import Method, Rule
from .rule_parts import HIGHEST_MONEY, ballot_rule_with, rule_with
from .schedule import Part
from .ties import TieBreak
from .winners import fits

FORMAT = "parvis-participatory-budget-blueprint/1"
MOST_BYTES = 1_000_000
MOST_ROWS = 500
MOST_DAYS = 36_500
LONGEST = {"title": 160, "summary": 400, "description": 20_000, "result_note": 2_000, "source": 400}
# An edition that came from a file has the names of that file as its keys: "Local Small Idea".
KEY = re.compile("\\w(?:[^\x00-\x1f\x7f\ud800-\udfff]{0,78}[^\\s\x00-\x1f\x7f\ud800-\udfff])?\\Z")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?\Z")
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d\Z")
# PostgreSQL keeps no NUL, and no half of a pair.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
# What a blueprint does not carry: numbers of projects.
OF_PROJECTS = ("exclusive",)


class Fault(StrEnum):
    """What is wrong with a file."""

    NO_JSON = "no-json"
    FORMAT = "format"
    UNKNOWN = "unknown"
    MISSING = "missing"
    VALUE = "value"
    TOO_LONG = "too-long"
    TOO_LARGE = "too-large"
    TWICE = "twice"


class WrongBlueprint(ValueError):
    """A file that is no blueprint; `where` is the path to what is wrong."""

    def __init__(self, fault: Fault, where: str = "") -> None:
        super().__init__(f"{where or 'file'}: {fault}")
        self.fault, self.where = fault, where


@dataclass(frozen=True, slots=True)
class Moment:
    """So many days after the first one, at a time of the city's clocks."""

    day: int
    at: time


Times = tuple[Moment | None, Moment | None]
"""When something begins and ends."""


@dataclass(frozen=True, slots=True)
class Blueprint:
    """An edition without projects, people and dates, as a file has it."""

    currency: str
    texts: Mapping[str, Mapping[str, str]]
    categories: tuple[Mapping[str, object], ...] = ()
    districts: tuple[Mapping[str, object], ...] = ()
    rules: Mapping[str, object] = field(default_factory=dict)
    settings: Mapping[str, object] = field(default_factory=dict)
    """Settings of other phases, by name; they check their values themselves."""
    vote: Times = (None, None)
    phases: Mapping[Part, Times] = field(default_factory=dict)
    parts: Mapping[str, object] = field(default_factory=dict)
    """What other parts of the module have added, by name; they read it themselves."""


def read_blueprint(content: bytes) -> Blueprint:
    """Return the blueprint in a file; raises WrongBlueprint for anything else."""
    if len(content) > MOST_BYTES:
        raise WrongBlueprint(Fault.TOO_LARGE)
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise WrongBlueprint(Fault.NO_JSON) from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise WrongBlueprint(Fault.FORMAT)
    names = (
        "format",
        "currency",
        "texts",
        "categories",
        "districts",
        "rules",
        "settings",
        "calendar",
        "parts",
    )
    top = _fields(document, "", needed=("format", "currency", "texts", "rules"), known=names)
    calendar = _fields(_object(top.get("calendar", {}), "calendar"), "calendar", known=("vote", "phases"))
    districts = _rows(top.get("districts", []), "districts", _district)
    return Blueprint(
        currency=_match(top["currency"], re.compile(r"[A-Z]{3}\Z"), "currency"),
        texts=_texts(top["texts"], "texts", LONGEST),
        categories=_rows(top.get("categories", []), "categories", _category),
        districts=districts,
        rules=_rules(top["rules"], {str(one["key"]) for one in districts}),
        settings=_object(top.get("settings", {}), "settings"),
        vote=_times(calendar.get("vote", {}), "calendar.vote"),
        phases=_phases(calendar.get("phases", {})),
        parts=_object(top.get("parts", {}), "parts"),
    )


def _rules(value: object, districts: Iterable[str]) -> Mapping[str, object]:
    where = "rules"
    rules = _fields(_object(value, where), where, known=(*_RULES, "contests", "envelopes"))
    found: dict[str, object] = {
        name: _RULES[name](rules[name], f"{where}.{name}") for name in rules if name in _RULES
    }
    kind, method = found.get("ballot_type", BallotType.APPROVAL), found.get("method", Method.GREEDY_SKIP)
    if not fits(Method(str(method)), BallotType(str(kind))):
        raise WrongBlueprint(Fault.VALUE, f"{where}.method")
    if "envelopes" in rules:
        money = _object(rules["envelopes"], f"{where}.envelopes")
        found["envelopes"] = {key: _money(one, f"{where}.envelopes.{key}") for key, one in money.items()}
    if "contests" in rules:
        contests = _rows(rules["contests"], f"{where}.contests", _contest)
        _must_flow(contests, {*districts, ""}, f"{where}.contests")
        found["contests"] = list(contests)
    return found


def _contest(row: Mapping[str, object], where: str) -> Mapping[str, object]:
    names = ("key", "budget", "balloting", "counting", "transfer_to")
    row = _fields(row, where, needed=("key", "budget"), known=names)
    to = row.get("transfer_to")
    return {
        "key": _key(row["key"], f"{where}.key", may_be_empty=True),
        "budget": _money(row["budget"], f"{where}.budget"),
        "balloting": _balloting(row.get("balloting", {}), f"{where}.balloting"),
        "counting": _counting(row.get("counting", {}), f"{where}.counting"),
        "transfer_to": None if to is None else _key(to, f"{where}.transfer_to", may_be_empty=True),
    }


def _must_flow(contests: Iterable[Mapping[str, object]], districts: set[str], where: str) -> None:
    transfers = {str(one["key"]): one["transfer_to"] for one in contests}
    if not transfers.keys() <= districts:
        raise WrongBlueprint(Fault.VALUE, where)
    try:
        in_flow({key: None if to is None else str(to) for key, to in transfers.items()})
    except ValueError as error:
        raise WrongBlueprint(Fault.VALUE, f"{where}.transfer_to") from error


def _category(row: Mapping[str, object], where: str) -> Mapping[str, object]:
    row = _fields(row, where, needed=("key", "name"), known=("key", "name", "summary"))
    texts = {name: row[name] for name in ("name", "summary") if name in row}
    return {"key": _key(row["key"], f"{where}.key"), **_texts(texts, where, {"name": 80, "summary": 400})}


def _district(row: Mapping[str, object], where: str) -> Mapping[str, object]:
    row = _fields(row, where, needed=("key", "name"), known=("key", "name"))
    return {"key": _key(row["key"], f"{where}.key"), "name": _text(row["name"], f"{where}.name", 120)}


def _phases(value: object) -> Mapping[Part, Times]:
    where = "calendar.phases"
    phases = _fields(_object(value, where), where, known=tuple(Part))
    found = {Part(name): _times(times, f"{where}.{name}") for name, times in phases.items()}
    for part, (begins, _ends) in found.items():
        if begins is None:
            raise WrongBlueprint(Fault.MISSING, f"{where}.{part}.begins")
    return found


def _times(value: object, where: str) -> Times:
    times = _fields(_object(value, where), where, known=("begins", "ends"))
    begins, ends = (_moment(times.get(name), f"{where}.{name}") for name in ("begins", "ends"))
    if begins is not None and ends is not None and (ends.day, ends.at) <= (begins.day, begins.at):
        raise WrongBlueprint(Fault.VALUE, f"{where}.ends")
    return begins, ends


def _moment(value: object, where: str) -> Moment | None:
    if value is None:
        return None
    moment = _fields(_object(value, where), where, needed=("day", "time"), known=("day", "time"))
    day = _whole(moment["day"], f"{where}.day", 0, MOST_DAYS)
    return Moment(day, time.fromisoformat(_match(moment["time"], _CLOCK, f"{where}.time")))


def _object(value: object, where: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise WrongBlueprint(Fault.VALUE, where)
    return value


def _fields(
    document: Mapping[str, object], where: str, *, known: Iterable[str], needed: Iterable[str] = ()
) -> Mapping[str, object]:
    before = f"{where}." if where else ""
    for name in document.keys() - set(known):
        raise WrongBlueprint(Fault.UNKNOWN, f"{before}{name[:80]}")
    for name in set(needed) - document.keys():
        raise WrongBlueprint(Fault.MISSING, f"{before}{name}")
    return document


def _rows(
    value: object, where: str, read: Callable[[Mapping[str, object], str], Mapping[str, object]]
) -> tuple[Mapping[str, object], ...]:
    if not isinstance(value, list):
        raise WrongBlueprint(Fault.VALUE, where)
    if len(value) > MOST_ROWS:
        raise WrongBlueprint(Fault.TOO_LONG, where)
    rows = tuple(
        read(_object(one, f"{where}.{place}"), f"{where}.{place}") for place, one in enumerate(value)
    )
    if len({row["key"] for row in rows}) < len(rows):
        raise WrongBlueprint(Fault.TWICE, where)
    return rows


def _texts(value: object, where: str, longest: Mapping[str, int]) -> Mapping[str, Mapping[str, str]]:
    texts = _fields(_object(value, where), where, known=longest)
    return {name: _languages(one, f"{where}.{name}", longest[name]) for name, one in texts.items()}


def _languages(value: object, where: str, longest: int) -> Mapping[str, str]:
    texts = _object(value, where)
    for code in texts:
        if not _LANGUAGE.match(code):
            raise WrongBlueprint(Fault.UNKNOWN, f"{where}.{code[:80]}")
    return {code: _text(text, f"{where}.{code}", longest) for code, text in texts.items()}


def _text(value: object, where: str, longest: int) -> str:
    if not isinstance(value, str) or _CONTROL.search(value):
        raise WrongBlueprint(Fault.VALUE, where)
    if len(value) > longest:
        raise WrongBlueprint(Fault.TOO_LONG, where)
    return value


def _match(value: object, pattern: re.Pattern[str], where: str) -> str:
    if not isinstance(value, str) or not pattern.match(value):
        raise WrongBlueprint(Fault.VALUE, where)
    return value


def _key(value: object, where: str, *, may_be_empty: bool = False) -> str:
    return "" if may_be_empty and value == "" else _match(value, KEY, where)


def _whole(value: object, where: str, least: int, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise WrongBlueprint(Fault.VALUE, where)
    return value


def _money(value: object, where: str) -> int:
    return _whole(value, where, 0, HIGHEST_MONEY)


def _limit(value: object, where: str) -> int | None:
    return None if value is None else _whole(value, where, 1, 65_535)


def _one_of(choices: type[StrEnum]) -> Callable[[object, str], str]:
    def read(value: object, where: str) -> str:
        if not isinstance(value, str) or value not in set(choices):
            raise WrongBlueprint(Fault.VALUE, where)
        return value

    return read


def _balloting(value: object, where: str) -> Mapping[str, object]:
    parts = _object(value, where)
    try:
        ballot_rule_with(BallotRule(), parts)
    except ValueError as error:
        raise WrongBlueprint(Fault.VALUE, f"{where}.{str(error).partition(':')[0]}") from error
    _must_be_plain(parts, where)
    return parts


def _counting(value: object, where: str) -> Mapping[str, object]:
    parts = {name: one for name, one in _object(value, where).items() if name not in OF_PROJECTS}
    try:
        rule_with(Rule(budget=0), parts)
    except ValueError as error:
        raise WrongBlueprint(Fault.VALUE, f"{where}.{str(error).partition(':')[0]}") from error
    _must_be_plain(parts, where)
    return parts


def _must_be_plain(parts: Mapping[str, object], where: str) -> None:
    """Refuse a tree where a setting beside the rules is a word or a yes or no."""
    for name in ("district_by", "withdraw", "lot"):
        if not isinstance(parts.get(name, ""), str | bool):
            raise WrongBlueprint(Fault.VALUE, f"{where}.{name}")
    if parts.get("district_by", "any") not in ("any", "attribute"):
        raise WrongBlueprint(Fault.VALUE, f"{where}.district_by")


def _object_or_none(value: object, where: str) -> Mapping[str, object] | None:
    return None if value is None else _object(value, where)


_RULES: Mapping[str, Callable[[object, str], object]] = {
    "ballot_type": _one_of(BallotType),
    "max_choices": _limit,
    "max_per_category": _limit,
    "balloting": _balloting,
    "budget": _money,
    "method": _one_of(Method),
    "tie_break": _one_of(TieBreak),
    "min_votes": lambda value, where: _whole(value, where, 1, 1_000_000),
    "completion": _one_of(Completion),
    "counting": _counting,
    "contests_by": _one_of(ContestsBy),
    "eligibility": _object_or_none,
    "voting_ways": _object,
}
