"""The second factor of people of a city: codes of an authenticator app, and ten on paper."""

from uuid import UUID

from flask import session
from sqlalchemy import delete

from app.accounts import codes, matching, sessions
from app.accounts.codes import Owner
from app.accounts.models import Account, AccountPasskey
from app.accounts.telling import Change, record
from app.core.clock import now
from app.core.db import db
from app.core.errors import Conflict, Invalid, NotFound
from app.core.i18n import gettext as _
from app.core.ids import keyed_hash, new_secret

_DRAWN = "authenticator"


def locked(account_id: UUID) -> Account:
    """Return the account as the row is now, kept from every other hand until the transaction ends."""
    return db.session.get_one(
        Account, account_id, with_for_update={"key_share": True}, populate_existing=True
    )


def begin(account: Account) -> str:
    """Return the secret that the person's app has to take in; the same in this browser until a code proves that it has.

    Nothing is kept for it: it is made from a draw in this browser's cookie and the deployment's key, which the cookie
    does not give away. Raises Conflict when there is an app already.
    """
    if account.has_authenticator:
        raise Conflict(_("You have an authenticator app already. Remove it before you set up another one."))
    drawn = str(session.setdefault(_DRAWN, new_secret()))
    return codes.as_secret(keyed_hash("authenticator app on offer", account.id.bytes, drawn.encode()))


def confirm(account: Account, code: str) -> list[str]:
    """Take the first code and return the recovery codes; raises Invalid for a wrong code."""
    mine = locked(account.id)
    secret = begin(mine)
    step = codes.matching_step(secret, codes.plain(code), now(), after=0)
    if step is None:
        raise Invalid(
            _("This code is not right. Wait for the next one, and see that the clock of your phone is right.")
        )
    session.pop(_DRAWN)
    mine.totp_secret, mine.totp_step = codes.seal(Owner.ACCOUNT, mine.id, secret), step
    record(mine, Change.AUTHENTICATOR_ON)
    return _fresh_codes(mine)


def renew_codes(account: Account) -> list[str]:
    """Return ten new recovery codes; those there were work no more."""
    mine = locked(account.id)
    if not mine.has_authenticator:
        raise Conflict(_("Recovery codes go with an authenticator app. Set one up first."))
    record(mine, Change.CODES_MADE)
    return _fresh_codes(mine)


def turn_off(account: Account) -> None:
    """Ask for no codes any more; the recovery codes go, too."""
    mine = locked(account.id)
    if mine.has_authenticator:
        _clear(mine)
        record(mine, Change.AUTHENTICATOR_OFF)


def use(account: Account, typed: str) -> bool:
    """Use up a code of the app or a recovery code; False for one that is wrong or was used before."""
    mine = locked(account.id)
    found = matching.find(Owner.ACCOUNT, mine if mine.has_authenticator else None, typed)
    if found is None:
        return False
    if not matching.use(mine, found):
        record(mine, Change.CODE_USED)
    return True


def reset(account: Account) -> None:
    """Take app, recovery codes and passkeys from a person who has lost them, and sign her out everywhere."""
    mine = locked(account.id)
    removed = db.session.execute(
        delete(AccountPasskey).where(AccountPasskey.account_id == mine.id).returning(AccountPasskey.id)
    ).all()
    if not mine.has_authenticator and not removed:
        raise NotFound(_("%(email)s has no second factor.", email=mine.email))
    _clear(mine)
    sessions.end_all(mine.id)
    record(mine, Change.FACTORS_RESET)


def _fresh_codes(account: Account) -> list[str]:
    fresh = codes.new_recovery_codes()
    account.recovery_hashes = [codes.recovery_hash(Owner.ACCOUNT, account.id, code) for code in fresh]
    return fresh


def _clear(account: Account) -> None:
    account.totp_secret, account.totp_step, account.recovery_hashes = None, 0, []
