"""When a message is tried again and how it is signed; plain functions, no database and no web."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from http import HTTPStatus

SECRET_PREFIX = "whsec_"  # noqa: S105  what every secret begins with
# What Standard Webhooks recommends: ten pauses, 75 hours and a half in all.
PAUSES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
JITTER = 0.2
LONGEST_ANSWER = 500


def new_secret() -> str:
    """Return a secret of 256 bits as receivers' libraries take it."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """Return the signature of a message: `v1,` and the HMAC-SHA256 in base64."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    content = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()


def headers(secrets_now: Iterable[str], message_id: str, timestamp: int, body: bytes) -> Mapping[str, str]:
    """Return the headers that go with a message; while a secret is being replaced it is signed with both."""
    signatures = (sign(secret, message_id, timestamp, body) for secret in secrets_now)
    return {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }


def pause(tries: int, chance: float, pauses: Sequence[timedelta] = PAUSES) -> timedelta | None:
    """Return how long to wait after so many failed tries, up to a fifth more by `chance` (0 to 1); None to give up."""
    if tries > len(pauses):
        return None
    return pauses[tries - 1] * (1 + JITTER * chance)


def is_taken(status: int) -> bool:
    """Tell whether an answer says that the message has arrived; a redirect does not."""
    return HTTPStatus(200) <= status < HTTPStatus(300)


def is_gone(status: int) -> bool:
    """Tell whether the receiver wants no message any more."""
    return status == HTTPStatus.GONE


def shortened(answer: bytes) -> str:
    """Return the beginning of what a receiver answered, as the log keeps it."""
    text = answer[: LONGEST_ANSWER * 4].decode("utf-8", "replace")
    return "".join(c if c.isprintable() or c == "\n" else "�" for c in text)[:LONGEST_ANSWER]
