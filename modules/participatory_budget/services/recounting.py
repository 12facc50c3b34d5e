"""Counting a second time by another way, and digests of what each way found."""

import hashlib
import json
import tempfile
from collections.abc import Iterable, Mapping
from typing import IO
from uuid import UUID

from ..fast.sums import Marked
from ..rules.outcomes import Method
from ..rules.protocol import Protocol
from ..rules.verify import verify
from .publishing import write_ballots

MOST_BALLOTS = 200_000
MOST_WITH_SHARES = 10_000
"""More take the program that everybody can run, which goes ballot by ballot, longer than a count should."""
IN_MEMORY = 8 * 1024 * 1024


def digest(sums: Mapping[str, Marked]) -> str:
    """Return the SHA-256 of sums; projects that nobody named make no difference."""
    plain = [
        [contest, number, mark, times]
        for contest, part in sorted(sums.items())
        for number, given in sorted(part.items())
        for mark, times in sorted(given.items())
        if times
    ]
    return hashlib.sha256(json.dumps(plain).encode()).hexdigest()


def result_digest(protocols: Iterable[str]) -> str:
    """Return the SHA-256 of all protocols, one after the other: what is certified."""
    return hashlib.sha256("".join(protocols).encode()).hexdigest()


def is_feasible(protocols: Iterable[Protocol]) -> bool:
    """Tell whether the files can be counted anew, ballot by ballot, within minutes."""
    return all(
        one.ballots <= (MOST_WITH_SHARES if one.rule.method is Method.EQUAL_SHARES else MOST_BALLOTS)
        and one.rule.method not in (Method.PHRAGMEN, Method.OPTIMUM)
        for one in protocols
    )


def agrees(edition_id: UUID, protocol: Protocol, document: Mapping[str, object]) -> bool:
    """Tell whether the two files of a contest, counted anew, give what the protocol says."""
    file: IO[bytes]
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as file:
        write_ballots(file, edition_id, protocol)
        file.seek(0)
        return verify(file, document).agrees
