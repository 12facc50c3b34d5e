"""Everything that was published of a vote in one file."""

from functools import partial
from typing import IO

from app.sdk import current_city

from ..models import Edition
from ..rules.bundle import Bundle, ContestFiles, write_bundle
from ..rules.protocol import Protocol
from . import ballot_log, publishing
from .receipt_leaves import leaves
from .results import published_count


def write(stream: IO[bytes], edition: Edition) -> None:
    """Write the bundle of a published result; raises NotFound as long as there is none."""
    contests = publishing.protocols_of(published_count(edition))
    head = ballot_log.head(edition)
    write_bundle(
        stream,
        Bundle(
            city=current_city().name,
            edition=contests[0][1].edition,
            contests=[_files(edition, text, protocol) for text, protocol in contests],
            receipts=leaves(edition.id),
            log=ballot_log.entries(edition),
            log_root=head.hash.hex() if head else "",
        ),
    )


def _files(edition: Edition, text: str, protocol: Protocol) -> ContestFiles:
    ballots = partial(publishing.write_ballots, edition_id=edition.id, protocol=protocol)
    return ContestFiles(protocol.contest, protocol.contest_name, text, ballots)
