"""The chain of the ballot log: each batch of receipt leaves is hashed together with the batch before it.

Whoever wrote down one hash can tell later whether anything was added before it, changed or taken out.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from .proof import merkle_root

START = bytes(32)
"""What stands for the hash before the first batch."""
_LINK = b"\x02"


@dataclass(frozen=True, slots=True)
class Batch:
    """So many leaves, taken together; the root is over them in rising order."""

    number: int
    leaves: int
    root: bytes
    previous: bytes

    @property
    def hash(self) -> bytes:
        """Return SHA-256 of a byte 2, the hash before, number and size of eight bytes each, and the root."""
        counted = self.number.to_bytes(8, "big") + self.leaves.to_bytes(8, "big")
        return hashlib.sha256(_LINK + self.previous + counted + self.root).digest()


class ChainError(ValueError):
    """The batches are not one chain, or a leaf is not where the chain says."""


def linked(batches: Iterable[Sequence[bytes]]) -> Iterator[Batch]:
    """Yield the batches of leaves, each linked to the one before; leaves in any order."""
    previous = START
    for number, leaves in enumerate(batches, start=1):
        batch = Batch(number, len(leaves), merkle_root(sorted(leaves)), previous)
        previous = batch.hash
        yield batch


def head_of(entries: Iterable[tuple[int, bytes]]) -> bytes:
    """Return the last hash of a published log: each leaf with the number of its batch, in the order of batches.

    A ChainError means that the numbers are not 1, 2, 3 …
    """
    head = START
    for place, (number, members) in enumerate(groupby(entries, key=lambda entry: entry[0]), start=1):
        if number != place:
            raise ChainError(f"batch {place} expected, found {number}")
        leaves = sorted(leaf for _number, leaf in members)
        head = Batch(number, len(leaves), merkle_root(leaves), head).hash
    return head
