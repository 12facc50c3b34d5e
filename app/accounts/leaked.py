"""Passwords that are known from leaks: the list we ship, looked up without anybody outside being asked.

Kept of each is the beginning of its SHA-1, in order: five bytes tell 56,000 passwords apart from all others but for one
in twenty million. The list is no secret, so that no slow hash is needed.
"""

import hashlib
import unicodedata
from bisect import bisect_left
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "leaked_passwords.bin"
SIZE = 5


def is_leaked(password: str) -> bool:
    """Tell whether a password, in capitals or not, is one of those that are tried first."""
    marks = _marks()
    sought = mark(password)
    place = bisect_left(range(len(marks) // SIZE), sought, key=lambda at: _at(marks, at))
    return _at(marks, place) == sought


def mark(password: str) -> bytes:
    """Return what the list keeps of a password."""
    folded = unicodedata.normalize("NFKC", password).casefold()
    return hashlib.sha1(folded.encode(), usedforsecurity=False).digest()[:SIZE]


def number() -> int:
    """Return how many passwords are known."""
    return len(_marks()) // SIZE


def _at(marks: bytes, place: int) -> bytes:
    return marks[place * SIZE : (place + 1) * SIZE]


@cache
def _marks() -> bytes:
    return FILE.read_bytes()
