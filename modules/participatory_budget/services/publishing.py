"""The files that anybody can check the result with: the protocol and the ballots."""

import hashlib
import json
from datetime import datetime, timedelta
from functools import lru_cache
from typing import IO
from uuid import UUID

from ..fast.files import write_columns
from ..models import Count
from ..rules.equal_shares import Completion
from ..rules.outcomes import Method, Rule
from ..rules.pabulib.marks import grades_meta, vote_type_of
from ..rules.pabulib.numbers import money_text
from ..rules.pabulib.parts import PbHeader, PbProject
from ..rules.pabulib.writer import Writable
from ..rules.protocol import Protocol, read_protocol
from .reading import contest_pages

MOST_READ = 32
"""Protocols that a process keeps as they were read: on the evening of a result each page of a project asks for one."""


class _Digest:
    """Takes bytes and keeps their digest only."""

    def __init__(self) -> None:
        self.sha256 = hashlib.sha256()

    def write(self, data: bytes, /) -> None:
        """Take some bytes."""
        self.sha256.update(data)


def protocol_of(count: Count) -> Protocol:
    """Return the protocol of a finished count; where there are several contests, that of the whole city."""
    return _read(count.protocol or "{}")


def protocols_of(count: Count) -> list[tuple[str, Protocol]]:
    """Return the text of every protocol of a finished count and what it says, as the contests were decided."""
    texts = [result.protocol for result in count.results]
    # The release before kept the one protocol in the count itself.
    return [(text, _read(text)) for text in texts or [count.protocol or "{}"]]


@lru_cache(MOST_READ)
def _read(text: str) -> Protocol:
    return read_protocol(json.loads(text))


def digest_of(edition_id: UUID, protocol: Protocol) -> str:
    """Return the SHA-256 of the ballots file that goes with a protocol."""
    digest = _Digest()
    write_ballots(digest, edition_id, protocol)
    return digest.sha256.hexdigest()


def write_ballots(stream: Writable | IO[bytes], edition_id: UUID, protocol: Protocol) -> None:
    """Write the ballots file of a contest in the Pabulib format; the same protocol always gives the same bytes."""
    kind = protocol.ballot.type
    pages = contest_pages(edition_id, protocol.contest, kind)
    numbers = [entry.number for entry in protocol.projects]
    write_columns(stream, _header(protocol), kind, pages, numbers, minor_digits=protocol.minor_digits)


def _header(protocol: Protocol) -> PbHeader:
    return PbHeader(
        budget=protocol.counted_rule.budget,
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
        vote_type=vote_type_of(protocol.ballot),
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
        **({"subunit": protocol.contest_name or protocol.contest} if protocol.contest else {}),
        **grades_meta(protocol.ballot),
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
        case _:
            return rule.method.value
