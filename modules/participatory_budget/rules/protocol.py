"""The protocol of a count: everything the result follows from, published beside the ballots file.

With the two files anybody can count again (`verify`). The JSON document, all money in minor units:

    format, version       "parvis-participatory-budget-protocol", 1
    city, edition         whose vote it was
    currency, minor_digits  "HUF" and 2: a cost of 1200000000 is 12,000,000 Ft
    opened_at, closed_at  by the city's clocks, with their distance from UTC; a ballot counts when
                          opened_at <= it < closed_at
    ballot                limits of one ballot: type, min_choices, max_choices, max_per_category, budget
    rule                  method, budget, envelopes (category: money), tie_break, min_votes; with equal shares
                          completion: none, greedy, add1 or add1u, raising by hundredths of the first share
    ballots               number, blank, sha256 of the ballots file
    receipts_root         root over the leaves of all receipt codes, "" when there are none
    projects              in the declared order: id (in the ballots file), number (on the ballot paper), name,
                          cost, category, votes, rank, funded, reason {code, left, by, text}, tied_with
    eligibility           only where not everyone with an account could vote: rule (as JSON), words
    spending              name, money, spent of every envelope
    ties                  envelope, votes, projects, by: ties that decided who is funded
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from .ballots import BallotRule, BallotType, Option
from .documents import Document, DocumentError
from .equal_shares import Completion
from .outcomes import Method, Outcome, Reason, ReasonCode, Rule, Spending
from .ties import Contender, Tie, TieBreak

FORMAT = "parvis-participatory-budget-protocol"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """A project with its outcome; `id` is its name in the ballots file."""

    id: str
    name: str
    cost: int
    category: str
    outcome: Outcome

    @property
    def number(self) -> int:
        """Return its number on the ballot paper."""
        return self.outcome.project


@dataclass(frozen=True, slots=True)
class Protocol:
    """Everything the result of a count follows from, and the result."""

    city: str
    edition: str
    currency: str
    opened_at: datetime
    closed_at: datetime
    ballot: BallotRule
    rule: Rule
    ballots: int
    blank: int
    ballots_sha256: str
    projects: tuple[Entry, ...]
    """In the declared order."""
    spending: tuple[Spending, ...] = ()
    ties: tuple[Tie, ...] = ()
    receipts_root: str = ""
    minor_digits: int = 2
    eligibility: Mapping[str, object] | None = None
    """Who could vote, as the city published it; None for everyone with an account. The count does not depend on it."""

    @property
    def contenders(self) -> tuple[Contender, ...]:
        """Return the projects as the count takes them."""
        return tuple(Contender(entry.number, entry.cost, entry.category) for entry in self.projects)

    @property
    def options(self) -> tuple[Option, ...]:
        """Return the projects as they stood on the ballot paper."""
        return tuple(Option(entry.number, entry.cost, entry.category) for entry in self.projects)

    @property
    def excluded(self) -> dict[int, str]:
        """Return the projects taken out of the count, each with the reason."""
        reasons = {entry.number: entry.outcome.reason for entry in self.projects}
        return {number: one.text for number, one in reasons.items() if one.code is ReasonCode.EXCLUDED}


def write_protocol(protocol: Protocol) -> str:
    """Return the JSON document; equal protocols give equal texts."""
    ballot, rule = protocol.ballot, protocol.rule
    document = {
        "format": FORMAT,
        "version": VERSION,
        "city": protocol.city,
        "edition": protocol.edition,
        "currency": protocol.currency,
        "minor_digits": protocol.minor_digits,
        "opened_at": protocol.opened_at.isoformat(),
        "closed_at": protocol.closed_at.isoformat(),
        "ballot": {
            "type": ballot.type,
            "min_choices": ballot.min_choices,
            "max_choices": ballot.max_choices,
            "max_per_category": ballot.max_per_category,
            "budget": ballot.budget,
        },
        "rule": {
            "method": rule.method,
            "budget": rule.budget,
            "envelopes": dict(rule.envelopes),
            "tie_break": rule.tie_break,
            "min_votes": rule.min_votes,
            **({"completion": rule.completion} if rule.method is Method.EQUAL_SHARES else {}),
        },
        "ballots": {"number": protocol.ballots, "blank": protocol.blank, "sha256": protocol.ballots_sha256},
        "receipts_root": protocol.receipts_root,
        "projects": [_entry_values(entry) for entry in protocol.projects],
        "spending": [{"name": one.name, "money": one.money, "spent": one.spent} for one in protocol.spending],
        **({"eligibility": dict(protocol.eligibility)} if protocol.eligibility is not None else {}),
        "ties": [
            {"envelope": tie.envelope, "votes": tie.votes, "projects": tie.projects, "by": tie.by}
            for tie in protocol.ties
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def read_protocol(values: Mapping[str, object]) -> Protocol:
    """Return the protocol from its parsed JSON document; a DocumentError names what is wrong in it."""
    document = Document(values)
    if document.text("format") != FORMAT or document.number("version") != VERSION:
        raise DocumentError("format", f"{FORMAT}, version {VERSION}")
    rule, entries = _rule(document.part("rule")), tuple(map(_entry, document.parts("projects")))
    _check_entries(entries, rule)
    counted = document.part("ballots")
    return Protocol(
        city=document.text("city"),
        edition=document.text("edition"),
        currency=document.text("currency"),
        opened_at=document.instant("opened_at"),
        closed_at=document.instant("closed_at"),
        ballot=_ballot(document.part("ballot")),
        rule=rule,
        ballots=counted.number("number"),
        blank=counted.number("blank"),
        ballots_sha256=counted.text("sha256"),
        projects=entries,
        spending=tuple(
            Spending(part.text("name"), part.number("money"), part.number("spent"))
            for part in document.parts("spending")
        ),
        ties=tuple(
            Tie(
                part.text("envelope"),
                part.number("votes"),
                part.numbers("projects"),
                part.one_of("by", TieBreak),
            )
            for part in document.parts("ties")
        ),
        receipts_root=document.text("receipts_root"),
        minor_digits=document.number("minor_digits"),
        eligibility=document.part("eligibility").values() if document.has("eligibility") else None,
    )


def _entry_values(entry: Entry) -> dict[str, object]:
    outcome, reason = entry.outcome, entry.outcome.reason
    return {
        "id": entry.id,
        "number": outcome.project,
        "name": entry.name,
        "cost": entry.cost,
        "category": entry.category,
        "votes": outcome.votes,
        "rank": outcome.rank,
        "funded": outcome.funded,
        "reason": {"code": reason.code, "left": reason.left, "by": reason.by, "text": reason.text},
        "tied_with": outcome.tied_with,
    }


def _entry(part: Document) -> Entry:
    given = part.part("reason")
    reason = Reason(
        given.one_of("code", ReasonCode),
        given.optional_number("left"),
        given.optional_number("by"),
        given.text("text"),
    )
    outcome = Outcome(
        project=part.number("number"),
        votes=part.number("votes"),
        rank=part.optional_number("rank"),
        funded=part.truth("funded"),
        reason=reason,
        tied_with=part.numbers("tied_with"),
    )
    return Entry(part.text("id"), part.text("name"), part.number("cost"), part.text("category"), outcome)


def _check_entries(entries: Sequence[Entry], rule: Rule) -> None:
    """Refuse projects that cannot be told apart or that no envelope pays for."""
    for kind, values in (("id", {one.id for one in entries}), ("number", {one.number for one in entries})):
        if len(values) != len(entries):
            raise DocumentError("projects", f"a different {kind} for every project")
    if rule.envelopes and not {entry.category for entry in entries} <= rule.envelopes.keys():
        raise DocumentError("rule.envelopes", "an envelope for every category")


def _ballot(part: Document) -> BallotRule:
    return BallotRule(
        type=part.one_of("type", BallotType),
        max_choices=part.optional_number("max_choices"),
        max_per_category=part.optional_number("max_per_category"),
        budget=part.optional_number("budget"),
        min_choices=part.number("min_choices"),
    )


def _rule(part: Document) -> Rule:
    envelopes = part.part("envelopes")
    return Rule(
        budget=part.number("budget"),
        envelopes={name: envelopes.number(name) for name in envelopes.names()},
        method=part.one_of("method", Method),
        tie_break=part.one_of("tie_break", TieBreak),
        min_votes=part.number("min_votes"),
        completion=part.one_of("completion", Completion) if part.has("completion") else Completion.ADD1U,
    )
