"""Secrets that must be read again: kept so that only this deployment opens them, and only for what they belong to."""

import secrets
from base64 import b64decode, b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.core.ids import keyed_hash

_NONCE = 12


def seal(purpose: str, owner: bytes, secret: str) -> str:
    """Return the secret as the database keeps it (AES-256-GCM); each `purpose` has a key of its own."""
    nonce = secrets.token_bytes(_NONCE)
    return b64encode(nonce + _cipher(purpose).encrypt(nonce, secret.encode(), owner)).decode()


def unseal(purpose: str, owner: bytes, sealed: str | None) -> str | None:
    """Return the secret; None when there is none, or it was sealed for another owner or by another deployment."""
    if not sealed:
        return None
    try:
        raw = b64decode(sealed, validate=True)
        return _cipher(purpose).decrypt(raw[:_NONCE], raw[_NONCE:], owner).decode()
    except (InvalidTag, ValueError):
        return None


def _cipher(purpose: str) -> AESGCM:
    return AESGCM(keyed_hash(purpose))
