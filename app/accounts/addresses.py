"""Changing the address of an account: the new one is proven by a link, the old one is told."""

from flask import url_for
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from app.accounts.models import Account, AccountLink, Purpose
from app.accounts.services import LINK_LIFETIME, clean_email, find
from app.accounts.telling import Change, record
from app.core.clock import now
from app.core.db import db
from app.core.errors import Conflict, Invalid
from app.core.i18n import gettext as _
from app.core.ids import new_secret, secret_hash
from app.notify.mail import send_mail


def ask_to_change(account: Account, typed: str) -> str:
    """Mail a link to a new address and return it; whoever has an account with it is mailed something else, unseen here."""
    address = clean_email(typed)
    if address == account.email:
        raise Invalid(_("This is your address already."))
    if find(address) is not None:
        send_mail("email_taken", address, account.language, link=url_for("front", _external=True))
        return address
    secret = new_secret()
    db.session.add(
        AccountLink(
            secret_hash=secret_hash(secret),
            account_id=account.id,
            purpose=Purpose.EMAIL,
            expires_at=now() + LINK_LIFETIME[Purpose.EMAIL],
            new_email=address,
        )
    )
    link = url_for("portal_sign_in.follow", secret=secret, _external=True)
    send_mail("link_email", address, account.language, link=link, name=account.name)
    return address


def change(link: AccountLink) -> Account:
    """Give the account the address that a link was mailed to; links that went to the old one end, and it is told."""
    account, before, wanted = link.account, link.account.email, link.new_email
    if link.purpose is not Purpose.EMAIL or wanted is None:
        raise AssertionError("only a link to a new address changes an address")
    db.session.execute(delete(AccountLink).where(AccountLink.account_id == account.id))
    try:
        with db.session.begin_nested():
            account.email = wanted
    except IntegrityError as error:
        raise Conflict(_("There is another account with this address by now.")) from error
    record(account, Change.EMAIL_CHANGED, to=before)
    return account
