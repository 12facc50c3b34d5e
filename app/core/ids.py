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
    """Return a UUID of version 7 (RFC 9562): in order of time, 74 bits of it random."""
    stamp = time.time_ns() // 1_000_000
    value = (stamp << 80) | int.from_bytes(os.urandom(10), "big")
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return uuid.UUID(int=value)


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


def keyed_hash(purpose: str, *parts: bytes) -> bytes:
    """Return 32 bytes that only this deployment can compute: HMAC-SHA-256 under its secret key.

    Each `purpose` has a key of its own; the parts are told apart by their lengths.
    """
    key = hmac.digest(str(current_app.secret_key).encode(), purpose.encode(), "sha256")
    message = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return hmac.digest(key, message, "sha256")
