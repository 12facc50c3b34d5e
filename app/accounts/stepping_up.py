"""Dangerous acts ask once more who is there, unless she has shown it here lately.

`@fresh` goes under `@sign_in_required` or `@requires`. Whoever has a second factor shows that one; others type their
password, or a code that is mailed to them.
"""

import secrets
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import ParamSpec

from flask.typing import ResponseReturnValue

from app.accounts import factors, passkeys, passwords, sessions
from app.accounts.models import Account, AccountSession
from app.accounts.policy import policy
from app.core.clock import now
from app.core.errors import Invalid
from app.core.i18n import gettext as _
from app.core.ids import keyed_hash
from app.notify.mail import send_mail

P = ParamSpec("P")
FRESH = timedelta(minutes=10)
CODE_LIFETIME = timedelta(minutes=10)
CODE_DIGITS = 8
_ASK: list[Callable[[], ResponseReturnValue]] = []


def asks_with(page: Callable[[], ResponseReturnValue]) -> Callable[[], ResponseReturnValue]:
    """Declare the page that asks; it leads back to what was wanted with everything that was typed."""
    _ASK[:] = [page]
    return page


def fresh(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Let in who has shown lately that it is her; others are asked first. Operators on a visit have shown it elsewhere."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        held = sessions.held()
        if held is not None and not is_fresh(held):
            return _ASK[0]()
        return view(*args, **kwargs)

    guarded.__dict__["fresh"] = True
    return guarded


def is_fresh(held: AccountSession) -> bool:
    """Tell whether the person has shown here lately that it is her."""
    return held.proved_at is not None and held.proved_at + FRESH > now()


def has_factor(account: Account) -> bool:
    """Tell whether the person has a second factor to show, here and now."""
    return account.has_authenticator or passkeys.has_one(account.id)


def has_proved(held: AccountSession, *, strong: bool) -> None:
    """Write down that the person has shown that it is her; `strong` with a second factor."""
    held.proved_at, held.code_hash, held.code_until = now(), None, None
    held.strong = held.strong or strong


def by_password(held: AccountSession, password: str) -> None:
    """Take the password of somebody who has no second factor; raises Invalid."""
    fits = passwords.matches(held.account.password_hash, password)
    if not fits or has_factor(held.account) or not policy().password:
        raise Invalid(_("This is not your present password."))
    has_proved(held, strong=False)


def by_code(held: AccountSession, code: str) -> None:
    """Take a code of the app or from paper; raises Invalid."""
    if not factors.use(held.account, code):
        raise Invalid(_("This code is not right, or has been used. Wait for the next one."))
    has_proved(held, strong=True)


def by_passkey(held: AccountSession, answer: str) -> None:
    """Take a passkey of the person; raises Invalid."""
    passkeys.use(answer, account=held.account)
    has_proved(held, strong=True)


def mail_code(held: AccountSession) -> None:
    """Mail a code to be typed in this browser, to somebody who has no second factor."""
    account = held.account
    if has_factor(account):
        raise Invalid(_("Use your second factor."))
    code = "".join(secrets.choice("0123456789") for _digit in range(CODE_DIGITS))
    held.code_hash, held.code_until = _hash(held, code), now() + CODE_LIFETIME
    shown = f"{code[:4]} {code[4:]}"
    send_mail("confirm_code", account.email, account.language, code=shown, name=account.name)


def by_mailed_code(held: AccountSession, typed: str) -> None:
    """Take the code that was mailed, once; raises Invalid."""
    code = "".join(typed.split())
    open_still = held.code_until is not None and held.code_until > now() and not has_factor(held.account)
    if not open_still or not secrets.compare_digest(held.code_hash or "", _hash(held, code)):
        raise Invalid(_("This code is not right, or its time is over."))
    has_proved(held, strong=False)


def _hash(held: AccountSession, code: str) -> str:
    return keyed_hash("mailed code", held.secret_hash.encode(), code.encode()).hex()
