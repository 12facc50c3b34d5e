"""Identifiers that cannot be guessed, and the hashes under which secrets are kept."""

import hashlib
import hmac
import os
import secrets
import time
import uuid

from flask import current_app

_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"


def new_id() -> uuid.UUID:
    """Return a UUID of version 7 (RFC 9562, method 3): in order of time to a quarter microsecond, 62 bits random."""
    nanoseconds = time.time_ns()
    milliseconds, rest = divmod(nanoseconds, 1_000_000)
    fraction = rest * 4096 // 1_000_000
    random = int.from_bytes(os.urandom(8), "big") >> 2
    return uuid.UUID(int=(milliseconds << 80) | (0x7 << 76) | (fraction << 64) | (0x2 << 62) | random)


def new_short_id(length: int = 10) -> str:
    """Return a random name of lower-case letters and digits that starts with a letter."""
    first = secrets.choice(_ALPHABET[:24])
    return first + "".join(secrets.choice(_ALPHABET) for _ in range(length - 1))


def new_secret() -> str:
    """Return a secret of 256 bits that fits into a link or a cookie."""
    return secrets.token_urlsafe(32)


def secret_hash(secret: str) -> str:
    """Return what the database keeps of a secret: its SHA-256, in hex."""
    return hashlib.sha256(secret.encode()).hexdigest()


def secret_name(hashed: str) -> str:
    """Return a name by which pages tell a kept secret from others; it opens nothing."""
    return secret_hash(f"name of {hashed}")[:16]


def keyed_hash(purpose: str, *parts: bytes) -> bytes:
    """Return 32 bytes that only this deployment can compute: HMAC-SHA-256 under its secret key.

    Each `purpose` has a key of its own; the parts are told apart by their lengths.
    """
    key = hmac.digest(str(current_app.secret_key).encode(), purpose.encode(), "sha256")
    message = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return hmac.digest(key, message, "sha256")
