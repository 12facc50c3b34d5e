"""Which web addresses a city may take; pure functions."""

import re
import unicodedata

LABEL = re.compile(r"[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?\Z")
MIN_LENGTH = 3
MAX_LENGTH = 40
RESERVED = frozenset(
    [
        "www",
        "admin",
        "api",
        "app",
        "apex",
        "mail",
        "smtp",
        "imap",
        "pop",
        "ftp",
        "ns",
        "ns1",
        "ns2",
        "dns",
        "mx",
        "static",
        "assets",
        "cdn",
        "media",
        "files",
        "img",
        "images",
        "status",
        "help",
        "support",
        "docs",
        "blog",
        "news",
        "about",
        "legal",
        "terms",
        "privacy",
        "security",
        "abuse",
        "postmaster",
        "hostmaster",
        "webmaster",
        "root",
        "operator",
        "operators",
        "console",
        "platform",
        "parvis",
        "demo",
        "test",
        "staging",
        "dev",
        "internal",
        "localhost",
        "auth",
        "login",
        "signin",
        "signup",
        "sign-up",
        "account",
        "accounts",
        "billing",
        "shop",
        "store",
        "start",
        "catalogue",
        "catalog",
        "cities",
        "city",
        "modules",
        "module",
        "healthz",
        "metrics",
        "vote",
        "votes",
        "official",
        "government",
        "gov",
    ]
)
_TRANSLITERATED = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "þ": "th", "ı": "i"}
)


def suggest(name: str) -> str:
    """Return a web address made from a city's name: `Székesfehérvár` gives `szekesfehervar`."""
    lowered = name.lower().translate(_TRANSLITERATED)
    plain = unicodedata.normalize("NFKD", lowered).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:MAX_LENGTH].strip("-").lstrip("0123456789-")


def is_wellformed(slug: str) -> bool:
    """Tell whether `slug` can be a host label (RFC 1035) of the length we allow."""
    return MIN_LENGTH <= len(slug) <= MAX_LENGTH and bool(LABEL.match(slug)) and "--" not in slug


def is_reserved(slug: str) -> bool:
    """Tell whether the address is kept for the platform."""
    return slug in RESERVED


def alternatives(slug: str, country: str = "") -> list[str]:
    """Return other addresses to offer when `slug` is taken, best first; the caller drops the taken ones."""
    endings = [country, "city", "town", "online", "services", "2", "3"]
    return [f"{slug[: MAX_LENGTH - 10]}-{end}" for end in endings if end]
