"""A person deletes her account: what goes, what stays and why, and who must be known again."""

from dataclasses import dataclass

from app.accounts.departures import remember
from app.accounts.models import Account
from app.accounts.privacy.holdings import ACCOUNT
from app.accounts.privacy.present import present
from app.accounts.sessions import end_all
from app.core.audit import audit
from app.core.context import Actor, acting
from app.core.db import db
from app.core.errors import Conflict, Forbidden, Invalid
from app.core.i18n import gettext as _
from app.core.people import Holding, Stays
from app.notify.mail import send_mail


@dataclass(frozen=True, slots=True)
class Farewell:
    """What deleting the account would do: what goes, what stays."""

    goes: tuple[Holding, ...]
    stays: tuple[Stays, ...]


def look_ahead(account: Account) -> Farewell:
    """Return what would go and what would stay."""
    held = present()
    goes = tuple(one for one in held if next(iter(one.collect(account.id)), None) is not None)
    stays = tuple(each for one in held for each in one.stays(account.id))
    return Farewell(tuple(one for one in goes if one.name != "platform.audit"), stays)


def must_be_free(account: Account) -> None:
    """Raise Conflict for somebody who works for the city: her roles and her open work are handed on first."""
    if account.is_staff:
        raise Conflict(
            _(
                "You work for the city. An administrator has to take your roles away first and hand on your open work;"
                " then you can delete your account."
            )
        )


def leave(account: Account, typed: str) -> None:
    """Delete a person's account with all that does not have to stay; she typed her own address. Raises Invalid."""
    _lock(account)
    must_be_free(account)
    if typed.strip().lower() != account.email:
        raise Invalid(_("This is not the address of your account."))
    ident, address, language = account.id, account.email, account.language
    held = present()
    remember(ident, address, held)
    with acting(Actor("resident", str(ident))):
        end_all(ident)
        db.session.flush()
        for holding in held:
            if holding is not ACCOUNT:
                holding.erase(ident)
        db.session.flush()
        db.session.expunge_all()
        ACCOUNT.erase(ident)
        audit("privacy.left", subject=f"account:{ident}")
    send_mail("account_gone", address, language)


def _lock(account: Account) -> None:
    """Wait for whatever she does elsewhere at this moment, as voting: what must be known of her is known afterwards."""
    if db.session.get(Account, account.id, with_for_update=True, populate_existing=True) is None:
        raise Forbidden(_("Sign in first."))
