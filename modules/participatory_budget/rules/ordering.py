"""The order in which projects are shown: nobody's project is always first.

A project's place follows from the reader's seed and the project's number alone. So each reader keeps her
order from page to page, and a project that is added or filtered out moves no other.
"""

import hashlib
from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


def shuffled(items: Iterable[T], seed: bytes, number: Callable[[T], int]) -> list[T]:
    """Return the items in the order that belongs to a seed; every order is as likely as any other."""
    return sorted(items, key=lambda item: _place(seed, number(item)))


def _place(seed: bytes, number: int) -> bytes:
    return hashlib.sha256(len(seed).to_bytes(4, "big") + seed + number.to_bytes(8, "big")).digest()
