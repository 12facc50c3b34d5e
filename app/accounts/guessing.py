"""How much of a password a guesser would have to guess: what stays when the first things to try are taken out.

What is known from leaks word for word stands in a list of its own (leaked.py); most of the rest is made of the pieces below.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

NEEDED = 4
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
    "qwertzuiop",
    "yxcvbnm",
    "1q2w3e4r5t6y7u8i9o0p",
    "1a2z3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "qazwsxedcrfvtgbyhnujm",
)
_YEAR = re.compile(r"19[3-9]\d|20[0-4]\d")
_RUN = re.compile(r"(.)\1{2,}")
_STAND_INS = str.maketrans("04315789@$!|€", "oaeistbgasiie")
_LONGEST = 24


def is_guessable(password: str, personal: Iterable[str] = ()) -> bool:
    """Tell whether fewer than four characters are left without common words, rows of keys, years and `personal` words."""
    typed = plain(password)
    words = _common() | {word for text in personal for word in _words(text)}
    unit = _repeated(typed)
    return len(unit) < NEEDED or _unexplained(unit, words) < NEEDED


def plain(text: str) -> str:
    """Return the text in lower case without accents and spaces."""
    bare = (c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    return "".join(c for c in bare if not c.isspace())


def _repeated(text: str) -> str:
    """Return the part that the text repeats from end to end, or the whole text."""
    return text[: (text + text).find(text, 1)]


def _words(text: str) -> Iterator[str]:
    yield from (word for word in re.split(r"[\W_]+", plain(text.replace(" ", "-"))) if len(word) >= 3)


def _unexplained(text: str, words: set[str]) -> int:
    """Return the least number of characters that no piece covers; signs between pieces count half."""
    best = [0.0] * (len(text) + 1)
    for end in range(1, len(text) + 1):
        best[end] = best[end - 1] + (1 if text[end - 1].isalnum() else 0.5)
        for start in range(max(0, end - _LONGEST), end - 2):
            if best[start] < best[end] and _is_piece(text[start:end], words):
                best[end] = best[start]
    return int(best[-1])


def _is_piece(part: str, words: set[str]) -> bool:
    known = part in words or part.translate(_STAND_INS) in words
    return known or bool(_YEAR.fullmatch(part)) or bool(_RUN.fullmatch(part))


@cache
def _common() -> set[str]:
    listed = (Path(__file__).parent / "common_words.txt").read_text(encoding="utf-8").split()
    return {plain(word) for word in listed} | set(_walks())


def _walks() -> Iterator[str]:
    for row in _ROWS:
        for line in (row, row[::-1]):
            for start in range(len(line)):
                yield from (line[start:end] for end in range(start + 3, len(line) + 1))
