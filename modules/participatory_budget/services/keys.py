"""Keys by which projects name their category and district: short, readable in addresses, never changed."""

import re
import unicodedata
from collections.abc import Collection
from itertools import count

LONGEST = 60


def free_key(words: str, taken: Collection[str]) -> str:
    """Return a key made of the words that none of `taken` is."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain)[:LONGEST].strip("-") or "other"
    if stem not in taken:
        return stem
    return next(key for place in count(2) if (key := f"{stem}-{place}") not in taken)
