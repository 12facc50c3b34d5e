"""The protocol of a count: everything the result follows from, published beside the ballots file.

With the two files anybody can count again (`verify`). The JSON document, all money in minor units:

    format, version       "parvis-participatory-budget-protocol", 2
    city, edition         whose vote it was
    contest               key and name of the contest, where the edition has several
    currency, minor_digits  "HUF" and 2: a cost of 1200000000 is 12,000,000 Ft
    opened_at, closed_at  by the city's clocks, with their distance from UTC; a ballot counts when
                          opened_at <= it < closed_at
    ballot, rule          the limits of one ballot and the rule of the count, as `rule_document` has them
    rule_sha256           SHA-256 of ballot and rule; published when the vote opens
    lot                   commitment (published when the vote opens) and seed (published now), where ties are lots
    transfers             in and out: money that contests counted before left, and to which one this left its own;
                          won_before: projects that won there and shut others out here
    ballots               number, blank, channels (name: number), sha256 of the ballots file
    receipts_root         root over the leaves of all receipt codes, "" when there are none
    projects              in the declared order: id (in the ballots file), number (on the ballot paper), name,
                          cost, category, votes, score, grades (the lowest first), rank, funded,
                          reason {code, left, by, text, other}, tied_with
    eligibility           only where not everyone with an account could vote: rule (as JSON), words
    spending              name, money, spent, added, passed_on of every envelope
    ties                  envelope, votes, projects, by: ties that decided who is funded
    comparisons           envelope, for_shares, for_greedy: voters better off under each

Version 1 had none of contest, rule_sha256, lot, transfers, channels, score, grades, added, passed_on, comparisons.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from .ballots import BallotRule, Option
from .counting.transfers import Transfer
from .documents import Document, DocumentError
from .outcomes import Comparison, Outcome, Reason, ReasonCode, Rule, Spending
from .rule_documents import ballot_document, count_document, read_ballot, read_rule, rule_digest
from .ties import Contender, Tie, TieBreak

FORMAT = "parvis-participatory-budget-protocol"
VERSION = 2
READABLE = (1, 2)


@dataclass(frozen=True, slots=True)
class Lot:
    """The seed that drew the lots, and what was published of it before the vote."""

    commitment: str
    seed: str


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
    contest: str = ""
    """The key of the contest; empty for the projects of the whole city, or where all stand together."""
    contest_name: str = ""
    lot: Lot | None = None
    channels: Mapping[str, int] = field(default_factory=dict)
    """How many ballots came in by each way; empty where nobody kept them apart."""
    received: tuple[Transfer, ...] = ()
    given: Transfer | None = None
    won_before: tuple[int, ...] = ()
    comparisons: tuple[Comparison, ...] = ()

    @property
    def counted_rule(self) -> Rule:
        """Return the rule with the money that came from other contests."""
        return replace(self.rule, budget=self.rule.budget + sum(one.amount for one in self.received))

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
        "contest": {"key": protocol.contest, "name": protocol.contest_name},
        "currency": protocol.currency,
        "minor_digits": protocol.minor_digits,
        "opened_at": protocol.opened_at.isoformat(),
        "closed_at": protocol.closed_at.isoformat(),
        "ballot": ballot_document(ballot),
        "rule": count_document(rule),
        "rule_sha256": rule_digest(ballot, rule),
        "lot": {"commitment": protocol.lot.commitment, "seed": protocol.lot.seed} if protocol.lot else None,
        "transfers": _transfers(protocol),
        "ballots": {
            "number": protocol.ballots,
            "blank": protocol.blank,
            "channels": dict(protocol.channels),
            "sha256": protocol.ballots_sha256,
        },
        "receipts_root": protocol.receipts_root,
        "projects": [_entry_values(entry) for entry in protocol.projects],
        "spending": [
            _values(one, "name", "money", "spent", "added", "passed_on") for one in protocol.spending
        ],
        **({"eligibility": dict(protocol.eligibility)} if protocol.eligibility is not None else {}),
        "ties": [_values(tie, "envelope", "votes", "projects", "by") for tie in protocol.ties],
        "comparisons": [_values(one, "envelope", "for_shares", "for_greedy") for one in protocol.comparisons],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def read_protocol(values: Mapping[str, object]) -> Protocol:
    """Return the protocol from its parsed JSON document; a DocumentError names what is wrong in it."""
    document = Document(values)
    if document.text("format") != FORMAT or document.number("version") not in READABLE:
        raise DocumentError("format", f"{FORMAT}, version {' or '.join(map(str, READABLE))}")
    ballot, rule = read_ballot(document.part("ballot")), read_rule(document.part("rule"))
    entries = tuple(map(_entry, document.parts("projects")))
    _check_entries(entries, rule)
    if document.has("rule_sha256") and document.text("rule_sha256") != rule_digest(ballot, rule):
        raise DocumentError("rule_sha256", "the digest of ballot and rule")
    counted = document.part("ballots")
    protocol = Protocol(
        city=document.text("city"),
        edition=document.text("edition"),
        currency=document.text("currency"),
        opened_at=document.instant("opened_at"),
        closed_at=document.instant("closed_at"),
        ballot=ballot,
        rule=rule,
        ballots=counted.number("number"),
        blank=counted.number("blank"),
        ballots_sha256=counted.text("sha256"),
        projects=entries,
        spending=tuple(map(_spending, document.parts("spending"))),
        ties=tuple(map(_tie, document.parts("ties"))),
        receipts_root=document.text("receipts_root"),
        minor_digits=document.number("minor_digits"),
        eligibility=document.part("eligibility").values() if document.has("eligibility") else None,
    )
    return protocol if document.number("version") == 1 else _with_more(protocol, document)


def _with_more(protocol: Protocol, document: Document) -> Protocol:
    """Return the protocol with what version 1 did not have."""
    contest, channels = document.part("contest"), document.part("ballots").part("channels")
    transfers, lot = document.part("transfers"), document.part("lot") if document.has("lot") else None
    return replace(
        protocol,
        contest=contest.text("key"),
        contest_name=contest.text("name"),
        lot=Lot(lot.text("commitment"), lot.text("seed")) if lot else None,
        channels={name: channels.number(name) for name in channels.names()},
        received=tuple(map(_transfer, transfers.parts("in"))),
        given=_transfer(transfers.part("out")) if transfers.has("out") else None,
        won_before=transfers.numbers("won_before"),
        comparisons=tuple(
            Comparison(part.text("envelope"), part.number("for_shares"), part.number("for_greedy"))
            for part in document.parts("comparisons")
        ),
    )


def _transfers(protocol: Protocol) -> dict[str, object]:
    return {
        "in": [_values(one, "contest", "amount") for one in protocol.received],
        "out": _values(protocol.given, "contest", "amount") if protocol.given else None,
        "won_before": protocol.won_before,
    }


def _values(thing: object, *names: str) -> dict[str, object]:
    return {name: getattr(thing, name) for name in names}


def _transfer(part: Document) -> Transfer:
    return Transfer(part.text("contest"), part.number("amount"))


def _spending(part: Document) -> Spending:
    return Spending(
        part.text("name"),
        part.number("money"),
        part.number("spent"),
        part.optional_number("added") or 0,
        part.optional_number("passed_on") or 0,
    )


def _tie(part: Document) -> Tie:
    return Tie(
        part.text("envelope"),
        part.optional_number("votes"),
        part.numbers("projects"),
        part.one_of("by", TieBreak),
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
        "score": outcome.score,
        "grades": outcome.grades,
        "rank": outcome.rank,
        "funded": outcome.funded,
        "reason": _values(reason, "code", "left", "by", "text", "other"),
        "tied_with": outcome.tied_with,
    }


def _entry(part: Document) -> Entry:
    given = part.part("reason")
    reason = Reason(
        given.one_of("code", ReasonCode),
        given.optional_number("left"),
        given.optional_number("by"),
        given.text("text"),
        given.optional_number("other"),
    )
    votes = part.number("votes")
    outcome = Outcome(
        project=part.number("number"),
        votes=votes,
        rank=part.optional_number("rank"),
        funded=part.truth("funded"),
        reason=reason,
        tied_with=part.numbers("tied_with"),
        score=part.optional_number("score") if part.knows("score") else votes,
        grades=part.numbers("grades") if part.has("grades") else (),
    )
    return Entry(part.text("id"), part.text("name"), part.number("cost"), part.text("category"), outcome)


def _check_entries(entries: Sequence[Entry], rule: Rule) -> None:
    """Refuse projects that cannot be told apart or that no envelope pays for."""
    for kind, values in (("id", {one.id for one in entries}), ("number", {one.number for one in entries})):
        if len(values) != len(entries):
            raise DocumentError("projects", f"a different {kind} for every project")
    if rule.envelopes and not {entry.category for entry in entries} <= rule.envelopes.keys():
        raise DocumentError("rule.envelopes", "an envelope for every category")
