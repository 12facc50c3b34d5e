"""What an article is and how it is named; plain functions, no database and no web."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid5

Words = Mapping[str, str]

SLUG_LENGTH = 80
TEASER_LENGTH = 220
FEEDS = UUID("9e1c0c52-6a1f-4d0b-8f5e-5c1a7d2b9e34")
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "þ": "th", "ı": "i"})
_LINK = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)")
_MARKS = re.compile(r"^\s*(?:#{1,6}|>|[-*+]|\d+[.)])\s+|[*_`]", re.MULTILINE)
_HEADING = re.compile(r"#{1,6}\s")
# What XML 1.0 cannot hold (section 2.2); PostgreSQL refuses the NUL among them.
_UNPRINTABLE = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Status(StrEnum):
    """Where an article is in its life; only a published one exists for residents."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Draft:
    """What staff write: texts by language (Markdown in `body`), and the name of a stored picture."""

    title: Words
    summary: Words = field(default_factory=dict)
    body: Words = field(default_factory=dict)
    picture: str | None = None
    picture_alt: Words = field(default_factory=dict)

    @property
    def texts(self) -> dict[str, Words]:
        """Return the parts that are written in several languages, by name."""
        return {
            "title": self.title,
            "summary": self.summary,
            "body": self.body,
            "picture_alt": self.picture_alt,
        }


@dataclass(frozen=True, slots=True)
class Difference:
    """One text that two versions of an article do not share; no language for the picture."""

    part: str
    language: str
    saved: str
    typed: str


def may_publish(status: Status) -> bool:
    """Tell whether residents cannot read the article yet, or no longer."""
    return status is not Status.PUBLISHED


def may_withdraw(status: Status) -> bool:
    """Tell whether there is something to take away from residents."""
    return status is Status.PUBLISHED


def tidy(words: Words) -> dict[str, str]:
    """Return the texts without empty ones and without characters that XML and PostgreSQL refuse."""
    cleaned = {language: _UNPRINTABLE.sub("", _lines(text)).strip() for language, text in words.items()}
    return {language: text for language, text in cleaned.items() if text}


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def slug(title: str) -> str:
    """Return the title as the end of an address: `Új könyvtár nyílt!` gives `uj-konyvtar-nyilt`."""
    lowered = title.casefold().translate(_LETTERS)
    plain = unicodedata.normalize("NFKD", lowered).encode("ascii", "ignore").decode()
    joined = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return joined[:SLUG_LENGTH].strip("-") or "article"


def teaser(summary: Words, body: Words) -> dict[str, str]:
    """Return what a list says about an article: its summary, or where there is none how it begins."""
    return {language: excerpt(text) for language, text in body.items()} | dict(summary)


def plain(text: str) -> str:
    """Return a Markdown text as its words alone."""
    return " ".join(_MARKS.sub("", _LINK.sub(r"\1", text)).split())


def excerpt(text: str, length: int = TEASER_LENGTH) -> str:
    """Return the first paragraph that is no heading, as plain text, cut between words."""
    blocks = [block.strip() for block in re.split(r"\n\s*\n", text)]
    opening = next((block for block in blocks if block and not _HEADING.match(block)), "")
    words = plain(opening)
    if len(words) <= length:
        return words
    whole_words = words[:length].rpartition(" ")[0] or words[:length]
    return whole_words.rstrip(" ,;:.–-") + "…"


def feed_id(city_id: str, language: str) -> str:
    """Return the permanent name of a city's feed in one language; it outlives changes of address."""
    return uuid5(FEEDS, f"{city_id}/{language}").urn


def entry_id(article_id: UUID, language: str) -> str:
    """Return the permanent name of an article in the feed of one language."""
    return uuid5(article_id, language).urn


def feed_moment(published_at: datetime, updated_at: datetime) -> datetime:
    """Return when readers last got something new: publication, or the last change after it."""
    return max(published_at, updated_at)


def differences(saved: Draft, typed: Draft) -> list[Difference]:
    """Return where two versions of an article differ, part by part."""
    found = []
    for part, before in saved.texts.items():
        after = typed.texts[part]
        for language in sorted({*before, *after}):
            if before.get(language) != after.get(language):
                found.append(Difference(part, language, before.get(language, ""), after.get(language, "")))
    if saved.picture != typed.picture:
        found.append(Difference("picture", "", saved.picture or "", typed.picture or ""))
    return found
