"""Addresses and names in the one form in which they are compared."""

import re
import unicodedata
from collections.abc import Iterable

_DOTS_MEAN_NOTHING = ("gmail.com", "googlemail.com")
# Letters that are no letter with an accent.
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i"}
)


def one_mailbox(address: str) -> str:
    """Return what all addresses of one mailbox have in common: anna+vote@x.org is anna@x.org."""
    local, _at, domain = address.strip().casefold().rpartition("@")
    local = local.partition("+")[0] or local
    domain = _ascii(domain.rstrip("."))
    if domain in _DOTS_MEAN_NOTHING:
        local, domain = local.replace(".", ""), _DOTS_MEAN_NOTHING[0]
    return f"{unicodedata.normalize('NFKC', local)}@{domain}"


def plain_name(text: str) -> str:
    """Return the letters of a name without accents, case, spaces and hyphens."""
    found = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(sign for sign in found if sign.isalpha())


def name_pair(given: str, family: str) -> str:
    """Return a name in one form, in whichever order it is said; of several given names the first counts."""
    first = re.split(r"[\s,;]+", given.strip(), maxsplit=1)[0]
    return "|".join(sorted((plain_name(first), plain_name(family))))


def readings(name: str) -> frozenset[str]:
    """Return the pairs that a name may be, as nobody says which word of it is the family name."""
    words = [word for word in re.split(r"[\s,;]+", name.strip()) if plain_name(word)]
    if len(words) < 2:
        return frozenset()
    pairs: Iterable[tuple[str, str]] = (
        (words[0], "".join(words[1:])),
        (words[0], words[-1]),
        (words[1], words[0]),
        (words[-1], "".join(words[:-1])),
    )
    return frozenset(name_pair(given, family) for given, family in pairs)


def _ascii(domain: str) -> str:
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain
