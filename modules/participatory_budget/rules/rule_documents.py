"""The limits of a ballot and the rule of a count as JSON, whole, for the protocol and for what is published before.

ballot    type, min_choices, max_choices, max_per_category, budget, points, max_points, grades, mark_all
rule      method, budget, envelopes (category: money), tie_break, min_votes, min_share, max_winners, exclusive,
top_up, stop_tolerance; with equal shares completion, step, exhaustive_stop, comparison
"""

import hashlib
import json
from dataclasses import fields
from typing import Any

from .ballots import BallotRule, BallotType
from .documents import Document, DocumentError
from .outcomes import Method, Rule
from .rule_parts import ballot_rule_with, rule_with

_ONLY_WITH_SHARES = ("completion", "step", "exhaustive_stop", "comparison")


def ballot_document(rule: BallotRule) -> dict[str, Any]:
    """Return the limits of a ballot."""
    return {field.name: getattr(rule, field.name) for field in fields(rule)}


def count_document(rule: Rule) -> dict[str, Any]:
    """Return the rule of a count."""
    values = {field.name: getattr(rule, field.name) for field in fields(rule)}
    values["envelopes"] = dict(rule.envelopes)
    shares = rule.method is Method.EQUAL_SHARES
    return {name: value for name, value in values.items() if shares or name not in _ONLY_WITH_SHARES}


def rule_digest(ballot: BallotRule, rule: Rule) -> str:
    """Return the SHA-256 of both documents: as {"ballot": …, "rule": …}, names sorted, without spaces, in UTF-8."""
    document = {"ballot": ballot_document(ballot), "rule": count_document(rule)}
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def read_ballot(part: Document) -> BallotRule:
    """Return the limits of a ballot; a DocumentError names what is wrong."""
    values = part.values()
    values.pop("type", None)
    try:
        return ballot_rule_with(BallotRule(type=part.one_of("type", BallotType)), values)
    except ValueError as error:
        raise _wrong(part, error) from None


def read_rule(part: Document) -> Rule:
    """Return the rule of a count; a DocumentError names what is wrong."""
    values = part.values()
    values.pop("budget", None)
    for name in ("method", "envelopes", "tie_break", "min_votes"):
        if name not in values:
            raise DocumentError(part.path(name), "a value")
    try:
        return rule_with(Rule(budget=part.number("budget")), values)
    except ValueError as error:
        raise _wrong(part, error) from None


def _wrong(part: Document, error: ValueError) -> DocumentError:
    if isinstance(error, DocumentError):
        return error
    name, _colon, expected = str(error).partition(": ")
    return DocumentError(part.path(name), expected.removesuffix(" expected"))
