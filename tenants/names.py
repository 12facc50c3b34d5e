"""Which web addresses a city may take; pure functions."""

import re
import unicodedata
from enum import StrEnum

LABEL = re.compile(r"[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?\Z")
MIN_LENGTH = 3
MAX_LENGTH = 40
MOST_NUMBERED = 40
_RESERVED = """
www admin api app apex mail smtp imap pop ftp ns ns1 ns2 dns mx static assets cdn media files img images status help
support docs blog news about legal terms privacy security abuse postmaster hostmaster webmaster root operator operators
console platform parvis demo test staging dev internal localhost auth login signin signup sign-up account accounts
billing shop store start catalogue catalog cities city modules module healthz metrics vote votes official government gov
"""
RESERVED = frozenset(_RESERVED.split())
_TRANSLITERATED = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i"}
)
_ENDINGS = {
    "en": ("city", "town"),
    "es": ("ciudad", "ayuntamiento"),
    "fr": ("ville", "mairie"),
    "hu": ("varos", "onkormanyzat"),
}


class Problem(StrEnum):
    """Why an address cannot be taken, whoever asks."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    MALFORMED = "malformed"
    RESERVED = "reserved"


def clean(typed: str, base_domain: str) -> str:
    """Return the label somebody means: the whole address or parts of it may have been typed."""
    text = typed.strip().lower().removeprefix("https://").removeprefix("http://")
    host = text.partition("/")[0].partition(":")[0].rstrip(".")
    return host.removesuffix(f".{base_domain}")


def suggest(name: str) -> str:
    """Return a web address made from a city's name: `Székesfehérvár` gives `szekesfehervar`.

    Empty when the name has no letter that becomes one of a to z.
    """
    lowered = name.lower().translate(_TRANSLITERATED)
    plain = "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))
    label = re.sub(r"[^a-z0-9]+", "-", plain).lstrip("0123456789-")
    return label[:MAX_LENGTH].strip("-")


def problem(slug: str) -> Problem | None:
    """Return what is wrong with an address before anybody asks whether it is taken."""
    if len(slug) < MIN_LENGTH:
        return Problem.TOO_SHORT
    if len(slug) > MAX_LENGTH:
        return Problem.TOO_LONG
    if not is_wellformed(slug):
        return Problem.MALFORMED
    return Problem.RESERVED if is_reserved(slug) else None


def is_wellformed(slug: str) -> bool:
    """Tell whether `slug` can be a host label (RFC 1035) of the length we allow; `--` is kept for IDNs."""
    return MIN_LENGTH <= len(slug) <= MAX_LENGTH and bool(LABEL.match(slug)) and "--" not in slug


def is_reserved(slug: str) -> bool:
    """Tell whether the address is kept for the platform."""
    return slug in RESERVED


def alternatives(wanted: str, language: str = "en") -> list[str]:
    """Return other addresses to offer instead of `wanted`, best first; the caller drops the taken ones."""
    stem = suggest(wanted)
    if not stem:
        return []
    words = (*_ENDINGS.get(language, ()), "city", "online", "services")
    endings = [*dict.fromkeys(words), *(str(number) for number in range(2, MOST_NUMBERED))]
    candidates = [stem, *(_ending(stem, end) for end in endings)]
    return [slug for slug in candidates if slug != wanted and problem(slug) is None]


def _ending(stem: str, end: str) -> str:
    return f"{stem[: MAX_LENGTH - len(end) - 1].rstrip('-')}-{end}"
