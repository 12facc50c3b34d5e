"""What was typed into a search field, and how words are compared: without accents and capitals. Plain functions."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

CONFIGURATIONS = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi",
    "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian",
    "ne": "nepali", "nl": "dutch", "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian",
    "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
"""Languages whose words PostgreSQL can take back to their stems."""

LONGEST, MOST_WORDS = 200, 8
EXCERPT = 220
_WORD = re.compile(r"[^\W_]+")
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th"})
Piece = tuple[str, bool]
"""Some text, and whether it is what was searched for."""


def configuration(language: str) -> str:
    """Return PostgreSQL's text search configuration for a language; `simple` knows no stems."""
    return f"pg_catalog.{CONFIGURATIONS.get(language, 'simple')}"


def folded(text: str) -> str:
    """Return a text without accents and capitals."""
    # Taken apart first: some signs, like ℠, are capitals inside.
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(c for c in apart if not unicodedata.combining(c)).translate(_LETTERS)


def asked_words(typed: str) -> list[str]:
    """Return the words that were typed, folded, at most eight."""
    return _WORD.findall(folded(typed[:LONGEST]))[:MOST_WORDS]


def all_of(words: Sequence[str]) -> str:
    """Return a tsquery for texts with all the words, the last of which may be the beginning of one."""
    return " & ".join([*words[:-1], *(f"{word}:*" for word in words[-1:])])


def is_alike(word: str, asked: str) -> bool:
    """Tell whether a word of a text is what was asked for: begins so, or differs in its ending only."""
    if word.startswith(asked):
        return True
    same = _common_beginning(word, asked)
    return same >= 4 and same >= len(asked) - 2 and len(word) - same <= 3


def marked(text: str, words: Sequence[str]) -> list[Piece]:
    """Return the text in pieces, those marked that were searched for; put together they are the text."""
    pieces: list[Piece] = []
    end = 0
    for found in _WORD.finditer(text):
        if any(is_alike(folded(found[0]), word) for word in words):
            pieces += [(text[end : found.start()], False), (found[0], True)]
            end = found.end()
    return [piece for piece in [*pieces, (text[end:], False)] if piece[0]]


def excerpt(text: str, words: Sequence[str], longest: int = EXCERPT) -> str:
    """Return the part of a long text in which the words stand first, cut between words."""
    flat = " ".join(text.split())
    if len(flat) <= longest:
        return flat
    hits = (m.start() for m in _WORD.finditer(flat) if any(is_alike(folded(m[0]), w) for w in words))
    first = next(hits, 0)
    start = max(0, min(first - longest // 3, len(flat) - longest))
    if start:
        start = flat.find(" ", start) + 1
    end = start + longest
    if end < len(flat):
        end = max(flat.rfind(" ", start, end), start + longest // 2)
    return ("… " if start else "") + flat[start:end].strip() + (" …" if end < len(flat) else "")


def meant(words: Sequence[str], titles: Iterable[str]) -> list[str] | None:
    """Return the words with each one that no title has replaced by the most similar one; None when none was."""
    known = [(folded(found[0]), found[0].lower()) for title in titles for found in _WORD.finditer(title)]
    better = [_nearest(word, known) for word in words]
    return better if [folded(word) for word in better] != list(words) else None


def _nearest(word: str, known: Sequence[tuple[str, str]]) -> str:
    if any(is_alike(plain, word) for plain, _shown in known):
        return word
    close = [(SequenceMatcher(None, word, plain).ratio(), shown) for plain, shown in known]
    best = max(close, default=(0.0, word), key=lambda pair: pair[0])
    return best[1] if best[0] >= 0.6 else word


def _common_beginning(one: str, other: str) -> int:
    length = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        length += 1
    return length
