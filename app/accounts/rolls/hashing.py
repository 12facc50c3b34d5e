"""What the city keeps of a person of a list, and of a code: a hash that only this deployment can compute."""

import hmac
from collections.abc import Callable, Sequence

from app.core.context import current_city
from app.core.ids import keyed_hash

LENGTH = 16


def hasher(fields: Sequence[str]) -> Callable[[Sequence[str]], bytes]:
    """Return the function that makes hashes of values of these fields, the same for every list of the city.

    The key is made once: a list has millions of lines.
    """
    key = keyed_hash("roll", current_city().id.encode(), *(field.encode() for field in fields))

    def digest(values: Sequence[str]) -> bytes:
        return hmac.digest(key, "\x1f".join(values).encode(), "sha256")[:LENGTH]

    return digest


def code_hash(code: str) -> bytes:
    """Return the hash of a code as it is compared: without spaces and hyphens, in capitals."""
    return hasher(["code"])([code])
