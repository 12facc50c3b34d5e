"""The files that anybody can check the result with: the protocol and the ballots."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain
from typing import IO
from uuid import UUID

from sqlalchemy import select

from app.sdk import current_city, db, local, minor_digits, now

from ..models import Count, Edition, Project, SealedBallot, SealedReceipt
from ..rules import proof
from ..rules.ballots import decode_choices
from ..rules.equal_shares import Completion
from ..rules.outcomes import Method, Rule
from ..rules.pabulib.numbers import money_text
from ..rules.pabulib.parts import PbHeader, PbProject, VoteType
from ..rules.pabulib.writer import Writable, anonymous, write
from ..rules.protocol import Entry, Protocol, read_protocol, write_protocol
from ..rules.tally import Tally
from ..rules.ties import Contender
from ..rules.winners import decide
from .editions import ballot_rule, count_rule
from .eligibility import published_rule

CHUNK = 5000


class _Digest:
    """Takes bytes and keeps their digest only."""

    def __init__(self) -> None:
        self.sha256 = hashlib.sha256()

    def write(self, data: bytes, /) -> None:
        """Take some bytes."""
        self.sha256.update(data)


def draw_up(edition: Edition, tally: Tally) -> tuple[str, str]:
    """Return the protocol of a count and the digest of the ballots file that goes with it."""
    projects = db.session.scalars(
        select(Project).where(Project.edition_id == edition.id).order_by(Project.number)
    ).all()
    envelopes = edition.envelopes
    contenders = [Contender(p.number, p.cost, p.category if envelopes else "") for p in projects]
    first = current_city().language
    decision = decide(
        tally.votes,
        contenders,
        count_rule(edition),
        excluded=excluded(edition),
        ballots=lambda: map(decode_choices, _sealed(edition.id)),
    )
    entries = tuple(
        Entry(p.reference, _words(p.title, first), p.cost, p.category, outcome)
        for p, outcome in zip(projects, decision.outcomes, strict=True)
    )
    protocol = Protocol(
        city=current_city().name,
        edition=_words(edition.title, first),
        currency=edition.currency,
        opened_at=local(edition.opens_at or now()),
        closed_at=local(edition.closes_at or now()),
        ballot=ballot_rule(edition),
        rule=count_rule(edition),
        ballots=tally.ballots,
        blank=tally.blank,
        ballots_sha256="",
        projects=entries,
        spending=decision.spending,
        ties=decision.ties,
        receipts_root=_receipts_root(edition),
        minor_digits=minor_digits(edition.currency),
        eligibility=published_rule(edition),
    )
    digest = _Digest()
    write_ballots(digest, edition.id, protocol)
    sha256 = digest.sha256.hexdigest()
    return write_protocol(replace(protocol, ballots_sha256=sha256)), sha256


def excluded(edition: Edition) -> dict[int, str]:
    """Return the projects taken out of the count, each with the reason as the protocol gives it."""
    out = select(Project.number, Project.excluded).where(Project.edition_id == edition.id)
    rows = db.session.execute(out.where(Project.excluded.is_not(None)))
    return {row.number: _words(row.excluded, current_city().language) for row in rows}


def protocol_of(count: Count) -> Protocol:
    """Return the protocol of a finished count."""
    return read_protocol(json.loads(count.protocol or "{}"))


def write_ballots(stream: Writable | IO[bytes], edition_id: UUID, protocol: Protocol) -> None:
    """Write the ballots file in the Pabulib format; the same protocol always gives the same bytes."""
    ballots = (decode_choices(choices) for choices in _sealed(edition_id))
    write(stream, _header(protocol), anonymous(ballots), minor_digits=protocol.minor_digits)


def _sealed(edition_id: UUID) -> Iterator[bytes]:
    last = 0
    while True:
        page = db.session.execute(
            select(SealedBallot.position, SealedBallot.choices)
            .where(SealedBallot.edition_id == edition_id, SealedBallot.position > last)
            .order_by(SealedBallot.position)
            .limit(CHUNK)
        ).all()
        for row in page:
            yield row.choices
        if len(page) < CHUNK:
            return
        last = page[-1].position


def _header(protocol: Protocol) -> PbHeader:
    return PbHeader(
        budget=protocol.rule.budget,
        num_votes=protocol.ballots,
        projects=tuple(
            PbProject(
                id=entry.id,
                number=place,
                cost=entry.cost,
                name=entry.name,
                category=entry.category,
                votes=entry.outcome.votes,
                selected=int(entry.outcome.funded),
            )
            for place, entry in enumerate(protocol.projects, start=1)
        ),
        vote_type=VoteType.APPROVAL,
        begins=protocol.opened_at.date(),
        ends=_last_moment(protocol).date(),
        max_choices=protocol.ballot.max_choices,
        meta=_meta(protocol),
    )


def _last_moment(protocol: Protocol) -> datetime:
    """Return when a ballot still counted: a vote that closes at midnight had its last day before."""
    return protocol.closed_at - timedelta(microseconds=1)


def _meta(protocol: Protocol) -> dict[str, str]:
    meta = {
        "description": protocol.edition,
        "unit": protocol.city,
        "instance": str(_last_moment(protocol).year),
        "rule": _pabulib_rule(protocol.rule),
        "currency": protocol.currency,
    }
    if protocol.ballot.money is not None:
        meta["max_sum_cost"] = money_text(protocol.ballot.money, protocol.minor_digits)
    return meta


def _pabulib_rule(rule: Rule) -> str:
    match rule.method:
        case Method.GREEDY_SKIP:
            return "greedy"
        case Method.GREEDY_STOP:
            return "greedy-no-skip"
        case Method.EQUAL_SHARES:
            return "equalshares" if rule.completion is Completion.NONE else f"equalshares/{rule.completion}"


def _receipts_root(edition: Edition) -> str:
    found = _leaves(edition.id)
    first = next(found, None)
    return proof.merkle_root(chain([first], found)).hex() if first else ""


def _leaves(edition_id: UUID) -> Iterator[bytes]:
    """Yield the leaves of all receipts in rising order."""
    mine = select(SealedReceipt.leaf).where(SealedReceipt.edition_id == edition_id)
    last = b""
    while True:
        found = mine.where(SealedReceipt.leaf > last).order_by(SealedReceipt.leaf).limit(CHUNK)
        page = db.session.scalars(found).all()
        yield from page
        if len(page) < CHUNK:
            return
        last = page[-1]


def _words(text: dict[str, str] | None, language: str) -> str:
    found = text or {}
    return found.get(language) or next((words for _, words in sorted(found.items()) if words), "")
