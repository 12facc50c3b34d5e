"""How often a password may be tried and a mail asked for, so that guessing is slow and nobody can lock another out.

Tries of a password are counted for the address as seen from one network, or from one browser in which its owner has
signed in before: those waits are the guesser's own. All other browsers together have a count for the address as well,
which slows down many machines at once; the owner's known browser is beside it, and so is the link by mail.
"""

from datetime import timedelta

from app.accounts import known
from app.core.errors import TooMany
from app.core.i18n import ngettext
from app.web.limits import limit
from app.web.throttle import network, throttle
from app.web.waits import Growing, forgive, try_now

OF_ONE = Growing(10, first=timedelta(minutes=1), longest=timedelta(minutes=15))
OF_STRANGERS = Growing(50, first=timedelta(seconds=15), longest=timedelta(minutes=15))
OF_CODES = Growing(6, first=timedelta(minutes=1), longest=timedelta(hours=1), calm=timedelta(hours=6))


class Wait(TooMany):
    """Passwords were tried too often; the page that says so offers the ways past it."""


def password(email: str) -> None:
    """Count one try of a password; raises Wait."""
    limit("password-network", "120 per 15 minutes", network())
    browser = known.name_for(email)
    wait_out(try_now("password", OF_ONE, email, browser or network()))
    if not browser:
        wait_out(try_now("password-strangers", OF_STRANGERS, email))


def right_password(email: str) -> None:
    """Forget the wrong tries of somebody who has typed the right password."""
    forgive("password", email, known.name_for(email) or network())


def code(account_id: str) -> None:
    """Count one try of a code by somebody who has shown the first factor, or is signed in; raises Wait."""
    wait_out(try_now("code", OF_CODES, account_id, network()))
    limit("code-all", "60 per hour", account_id)


def right_code(account_id: str) -> None:
    """Forget the wrong codes of somebody who has typed the right one."""
    forgive("code", account_id, network())


def mail(email: str) -> None:
    """Count one mail asked for; raises TooMany."""
    browser = known.name_for(email)
    if browser:
        limit("mail-known", "10 per hour", browser)
        return
    throttle("mail", email, of_both="5 per hour", of_network="60 per hour", of_email="20 per hour")


def wait_out(left: timedelta) -> None:
    """Raise Wait when there is something left to wait."""
    if left:
        minutes = -(-int(left.total_seconds()) // 60)
        raise Wait(
            ngettext(
                "This was tried too often. Wait a little, then try again: in %(num)s minute.",
                "This was tried too often. Wait a little, then try again: in %(num)s minutes.",
                minutes,
            )
        )
