"""Whether a code that was typed opens somebody's second factor; the same work for somebody and for nobody."""

import secrets
from hmac import compare_digest
from typing import Protocol
from uuid import UUID

from app.accounts import codes
from app.core.clock import now

Used = int | str
"""The time step of a code of the app, or the hash of a recovery code."""
# Codes are compared with it when there is nobody, so that the answer takes as long as for somebody.
_NOBODYS_SECRET = codes.new_secret()
_NOBODY = UUID(int=0)


class Holder(Protocol):
    """Who has a second factor, or may have one."""

    id: UUID
    totp_secret: str | None
    """Sealed."""
    totp_step: int
    """The time step that was used last; 0 until a first code has proved that the app has the secret."""
    recovery_hashes: list[str]


def find(owner: codes.Owner, holder: Holder | None, typed: str) -> Used | None:
    """Return what was typed, a code of the app or a recovery code; None when it is neither or has been used."""
    ident = holder.id if holder else _NOBODY
    secret = codes.unseal(owner, ident, holder.totp_secret if holder else None)
    code = codes.plain(typed)
    after = holder.totp_step if holder else 0
    step = codes.matching_step(secret or _NOBODYS_SECRET, code, now(), after=after)
    hashed = codes.recovery_hash(owner, ident, code)
    kept = holder.recovery_hashes if holder else [secrets.token_hex(32)] * codes.RECOVERY_CODES
    among = [compare_digest(hashed, other) for other in kept]
    if holder is None or secret is None:
        return None
    return step if step is not None else hashed if any(among) else None


def use(holder: Holder, used: Used) -> bool:
    """Use a code up, so that it opens nothing again; tells whether it was one of the app."""
    if isinstance(used, int):
        holder.totp_step = used
        return True
    holder.recovery_hashes = [kept for kept in holder.recovery_hashes if kept != used]
    return False
