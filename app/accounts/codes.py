"""The second factor: codes of an authenticator app (RFC 6238), and codes on paper for the day the phone is gone."""

import io
import re
import secrets
from base64 import b32encode
from datetime import datetime
from enum import StrEnum
from hmac import compare_digest
from uuid import UUID

import pyotp
import segno

from app.core import sealing
from app.core.ids import keyed_hash

PERIOD = 30
# Clocks differ and people type slowly: one step before and one after the present one count as well.
TOLERATED = 1
RECOVERY_CODES = 10
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


class Owner(StrEnum):
    """Whose codes they are: what is sealed or hashed for one kind of person means nothing for the other."""

    OPERATOR = "operator"
    ACCOUNT = "account"


def new_secret() -> str:
    """Return a secret of 160 bits as authenticator apps take it in, in base 32."""
    return pyotp.random_base32()


def as_secret(raw: bytes) -> str:
    """Return the first 160 bits of something as such a secret."""
    return b32encode(raw[:20]).decode()


def address(secret: str, email: str, issuer: str) -> str:
    """Return what the picture says to the authenticator app."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)


def picture(secret: str, email: str, issuer: str) -> bytes:
    """Return what the app's camera reads, as SVG."""
    drawn = io.BytesIO()
    segno.make(address(secret, email, issuer), error="m").save(
        drawn, kind="svg", scale=5, border=4, dark="#000", light="#fff"
    )
    return drawn.getvalue()


def groups(secret: str) -> list[str]:
    """Return a secret in groups of four, as people type it."""
    return [secret[start : start + 4] for start in range(0, len(secret), 4)]


def seal(owner: Owner, ident: UUID, secret: str) -> str:
    """Return the secret as the database keeps it: only this deployment opens it, and only for this person."""
    return sealing.seal(f"{owner} second factor", ident.bytes, secret)


def unseal(owner: Owner, ident: UUID, sealed: str | None) -> str | None:
    """Return the secret; None when there is none or it was sealed with another deployment's key."""
    return sealing.unseal(f"{owner} second factor", ident.bytes, sealed)


def matching_step(secret: str, code: str, at: datetime, *, after: int) -> int | None:
    """Return the time step that `code` belongs to; None for a wrong one and for one not later than step `after`."""
    present = int(at.timestamp()) // PERIOD
    found = None
    for step in range(present - TOLERATED, present + TOLERATED + 1):
        right = compare_digest(pyotp.HOTP(secret).at(step).encode(), code.encode())
        if right and step > after:
            found = step
    return found


def plain(typed: str) -> str:
    """Return a code without the spaces and hyphens that people type."""
    return re.sub(r"[\s-]", "", typed).lower()


def new_recovery_codes() -> list[str]:
    """Return ten codes of 49 bits, in two halves that are easy to copy."""
    drawn = ("".join(secrets.choice(_ALPHABET) for _ in range(10)) for _ in range(RECOVERY_CODES))
    return [f"{code[:5]}-{code[5:]}" for code in drawn]


def recovery_hash(owner: Owner, ident: UUID, code: str) -> str:
    """Return what the database keeps of a recovery code; nobody without this deployment's key can try codes on it."""
    return keyed_hash(f"{owner} recovery code", ident.bytes, plain(code).encode()).hex()
