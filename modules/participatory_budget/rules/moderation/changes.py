"""What an author has changed in her text, word by word."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

WORDS = re.compile(r"\s*\S+")
MOST_WORDS = 4000
"""Longer texts are shown as a whole: comparing them would take seconds."""


class Kind(StrEnum):
    """Whether words were there before, are there now, or both."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words in a row."""

    kind: Kind
    words: str


def word_changes(before: str, after: str) -> Sequence[Piece]:
    """Return the pieces of both texts in order; what was taken out stands before what came in."""
    old, new = WORDS.findall(before), WORDS.findall(after)
    if max(len(old), len(new)) > MOST_WORDS:
        return (
            [Piece(Kind.GONE, before), Piece(Kind.NEW, after)]
            if before != after
            else [Piece(Kind.SAME, after)]
        )
    found = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Piece(Kind.SAME, "".join(old[a:b])))
            continue
        if b > a:
            found.append(Piece(Kind.GONE, "".join(old[a:b])))
        if d > c:
            found.append(Piece(Kind.NEW, "".join(new[c:d])))
    return found
