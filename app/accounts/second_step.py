"""Between the first factor and the second: who has shown one of them in this browser, and is not in yet."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from flask import session

from app.accounts import passkeys
from app.accounts.models import Account, Way
from app.accounts.policy import Policy, policy
from app.accounts.sessions import How
from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.core.i18n import gettext as _
from app.core.ids import keyed_hash

LIFETIME = timedelta(minutes=10)
_HALF = "second_step"


@dataclass(frozen=True, slots=True)
class Half:
    """Somebody who has shown one factor."""

    account: Account
    how: How
    back: str


def is_needed(account: Account, how: How) -> bool:
    """Tell whether a second factor is asked for before this person is in."""
    if how.strong:
        return False
    if account.has_authenticator:
        return True
    if not account.is_staff:
        return False
    decided = policy()
    return decided.asks_staff_for_factor() and not may_enrol(account, decided)


def may_enrol(account: Account, decided: Policy) -> bool:
    """Tell whether somebody who must have a second factor has none yet, and so may make one without another."""
    return not account.has_authenticator and not (decided.passkey and passkeys.has_one(account.id))


def begin(account: Account, how: How, back: str) -> None:
    """Remember in this browser who has shown the first factor."""
    session[_HALF] = {
        "account": str(account.id),
        "state": _state(account),
        "way": how.way.value,
        "provider": how.provider,
        "back": back,
        "at": int(now().timestamp()),
    }


def half_in() -> Half:
    """Return who has shown the first factor here; raises NotFound when nobody has, or too long ago."""
    kept = session.get(_HALF)
    if kept is not None and kept["at"] + LIFETIME.total_seconds() > now().timestamp():
        account = db.session.get(Account, UUID(kept["account"]))
        if account is not None and _state(account) == kept["state"]:
            return Half(account, How(Way(kept["way"]), provider=kept["provider"]), kept["back"])
    session.pop(_HALF, None)
    raise NotFound(_("This took too long. Sign in again."))


def end() -> None:
    """Forget who has shown the first factor here."""
    session.pop(_HALF, None)


def _state(account: Account) -> str:
    """Return what changes with the password: a new one makes half a sign-in with the old one worthless."""
    return keyed_hash("second step", account.id.bytes, (account.password_hash or "").encode()).hex()[:32]
