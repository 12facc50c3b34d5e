"""What people sign in with, as the register of processing and their own download know it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete

from app.accounts import passkeys
from app.accounts.models import Account, AccountIdentity, AccountPasskey, AccountSession
from app.accounts.oidc import identities
from app.core.db import db
from app.core.people import Basis, Holding, Record, holds


def factors_of(account_id: UUID) -> Iterable[Record]:
    """Return that there is an authenticator app, never its secret, and each passkey by name."""
    account = db.session.get(Account, account_id)
    if account is not None and account.has_authenticator:
        yield {"kind": "authenticator app", "recovery_codes_left": len(account.recovery_hashes)}
    for key in passkeys.of(account_id):
        yield {
            "kind": "passkey",
            "name": key.name,
            "host": key.host,
            "made_at": key.created_at,
            "used_at": key.used_at,
        }


def erase_factors(account_id: UUID) -> None:
    """Delete passkeys, secret and recovery codes."""
    db.session.execute(delete(AccountPasskey).where(AccountPasskey.account_id == account_id))
    account = db.session.get(Account, account_id)
    if account is not None:
        account.totp_secret, account.totp_step, account.recovery_hashes = None, 0, []


def identities_of(account_id: UUID) -> Iterable[Record]:
    """Return under which names other services know somebody."""
    for each in identities.of(account_id):
        yield {
            "issuer": each.issuer,
            "subject": each.subject,
            "email": each.email,
            "linked_at": each.created_at,
            "used_at": each.used_at,
        }


def erase_identities(account_id: UUID) -> None:
    """Delete what other services say."""
    db.session.execute(delete(AccountIdentity).where(AccountIdentity.account_id == account_id))


def remove_ended_sessions(moment: datetime) -> int:
    """Delete sessions whose time is up and return how many those were."""
    over = delete(AccountSession).where(AccountSession.ends_at < moment)
    return len(db.session.execute(over.returning(AccountSession.secret_hash)).all())


FACTORS = holds(
    Holding(
        name="platform.factors",
        title=_l("Second factors and passkeys"),
        purpose=_l("So that nobody else gets into an account."),
        basis=Basis.PUBLIC_TASK,
        kept=_l("Until the person removes them, or the account."),
        collect=factors_of,
        erase=erase_factors,
        retain=remove_ended_sessions,
        tables=("account_passkey",),
    )
)
IDENTITIES = holds(
    Holding(
        name="platform.identities",
        title=_l("Sign-ins at other services"),
        purpose=_l("So that people can sign in with an account they have elsewhere."),
        basis=Basis.CONSENT,
        kept=_l("Until the person removes the link, or the account."),
        collect=identities_of,
        erase=erase_identities,
        tables=("account_identity",),
    )
)
