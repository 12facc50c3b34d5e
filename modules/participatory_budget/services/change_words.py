"""What differs between two versions of the rules, in words."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from app.sdk import (
    _,
    date_and_time,
    describe_eligibility,
    money,
    number,
    read_eligibility,
)

from ..models import Edition
from ..rules.ballots import BallotType
from ..rules.contests import ContestsBy
from ..rules.equal_shares import Completion
from ..rules.outcomes import Method
from ..rules.ties import TieBreak
from .contests import name_of
from .rule_words import ballot_name, completion_name, method_name, tie_name
from .wording import category_name, grade_name

Document = Mapping[str, object]
Row = tuple[str, str, str]
"""What it is about, what it was, what it becomes."""


def in_words(edition: Edition, before: Document, after: Document) -> list[Row]:
    """Return every difference between two settings of an edition."""
    rows = [*_of_columns(edition, before, after), *_of_parts(before, after)]
    return [*rows, *_of_envelopes(edition, before, after), *_of_contests(edition, before, after)]


def _of_columns(edition: Edition, before: Document, after: Document) -> Iterator[Row]:
    for name, label in _labels().items():
        was, becomes = before.get(name), after.get(name)
        if was != becomes:
            yield label, _value(edition, name, was), _value(edition, name, becomes)


def _of_parts(before: Document, after: Document, about: str = "") -> Iterator[Row]:
    labels = _part_labels()
    for kind in ("balloting", "counting"):
        was, becomes = _part(before, kind), _part(after, kind)
        for name in sorted(was.keys() | becomes.keys()):
            if was.get(name) != becomes.get(name):
                label = f"{about}{labels.get(name, name)}"
                yield label, _part_value(name, was.get(name)), _part_value(name, becomes.get(name))


def _of_envelopes(edition: Edition, before: Document, after: Document) -> Iterator[Row]:
    was, becomes = _part(before, "envelopes"), _part(after, "envelopes")
    for key in sorted(was.keys() | becomes.keys()):
        if was.get(key) != becomes.get(key):
            label = _("Money of %(name)s", name=category_name(edition, key))
            yield label, _amount(edition, was.get(key)), _amount(edition, becomes.get(key))


def _of_contests(edition: Edition, before: Document, after: Document) -> Iterator[Row]:
    was, becomes = _contests(before), _contests(after)
    for key in sorted(was.keys() | becomes.keys()):
        old, new, name = was.get(key, {}), becomes.get(key, {}), name_of(edition, key)
        if old.get("budget") != new.get("budget"):
            label = _("Money of %(name)s", name=name)
            yield label, _amount(edition, old.get("budget")), _amount(edition, new.get("budget"))
        if old.get("transfer_to") != new.get("transfer_to"):
            label = _("What %(name)s leaves goes to", name=name)
            yield label, _place(edition, old.get("transfer_to")), _place(edition, new.get("transfer_to"))
        yield from _of_parts(old, new, f"{name}: ")


def _labels() -> dict[str, str]:
    return {
        "ballot_type": _("Ballot"),
        "max_choices": _("Projects one voter can choose at most"),
        "max_per_category": _("Projects in each category at most"),
        "budget": _("Money to hand out in all"),
        "method": _("How projects get their money"),
        "completion": _("With equal shares: what happens to money that no voters can spend together"),
        "tie_break": _("When projects have equal votes"),
        "min_votes": _("Votes a project needs"),
        "contests_by": _("Contests"),
        "eligibility": _("Who can vote"),
        "voting_ways": _("How people vote"),
        "opens_at": _("The vote opens"),
        "closes_at": _("The vote closes"),
    }


def _part_labels() -> dict[str, str]:
    return {
        "min_choices": _("At least this many"),
        "max_choices": _("Projects one voter can choose at most"),
        "points": _("How many points"),
        "max_points": _("For one project at most"),
        "grades": _("The grades"),
        "mark_all": _("Every project needs a grade"),
        "withdraw": _("A vote can be taken back"),
        "district_by": _("The district of a voter"),
        "comparison": _("Equal shares compared with a count by votes"),
        "min_share": _("Share of all ballots a project needs, in tenths of a per cent"),
        "max_winners": _("At most so many projects win"),
        "exclusive": _("Projects of which only one can win"),
        "top_up": _("What categories leave goes to the best of all other projects"),
        "stop_tolerance": _("Per cent of the cost that are enough where the count stops"),
    }


def _value(edition: Edition, name: str, value: object) -> str:
    match name, value:
        case ("budget", int() as amount):
            return money(amount, edition.currency)
        case (("opens_at" | "closes_at"), str() as moment):
            return date_and_time(datetime.fromisoformat(moment))
        case "ballot_type", str() as kind:
            return ballot_name(BallotType(kind))
        case "method", str() as method:
            return method_name(Method(method))
        case "tie_break", str() as by:
            return tie_name(TieBreak(by))
        case "completion", str() as completion:
            return completion_name(Completion(completion))
        case "contests_by", str() as by:
            return _("By district") if by == ContestsBy.DISTRICT else _("One vote")
        case "eligibility", value:
            return _voters(value)
        case _, value:
            return _part_value(name, value)


def _part_value(name: str, value: object) -> str:
    match value:
        case bool():
            return _("yes") if value else _("no")
        case int():
            return number(value)
        case None:
            return "–"
        case list() if name == "grades":
            return ", ".join(grade_name(str(one)) for one in value)
        case list():
            return "; ".join(", ".join(map(str, one)) if isinstance(one, list) else str(one) for one in value)
        case dict():
            return ", ".join(f"{key}: {_part_value('', one)}" for key, one in sorted(value.items()))
        case _:
            return str(value)


def _voters(rule: object) -> str:
    if not isinstance(rule, Mapping):
        return _("Everyone with an account.")
    return " ".join(f"{one}." for one in describe_eligibility(read_eligibility(rule)))


def _amount(edition: Edition, value: object) -> str:
    return money(value, edition.currency) if isinstance(value, int) else "–"


def _place(edition: Edition, key: object) -> str:
    return name_of(edition, key) if isinstance(key, str) else "–"


def _contests(document: Document) -> dict[str, Document]:
    listed = document.get("contests")
    return {str(one["key"]): one for one in listed} if isinstance(listed, list) else {}


def _part(document: Document, name: str) -> Document:
    found = document.get(name)
    return found if isinstance(found, Mapping) else {}
