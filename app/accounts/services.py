"""Everything that can be done with an account that is there.

What people ask for by typing an address goes through `app.accounts.asking`, which never tells whether it is known.
"""

import re
from datetime import timedelta

from flask import url_for
from sqlalchemy import delete, select

from app.accounts import passwords
from app.accounts.departures import id_for
from app.accounts.models import Account, AccountLink, AccountRequest, Purpose, Role
from app.accounts.sessions import end_all
from app.core.audit import audit
from app.core.clock import now
from app.core.context import current_city
from app.core.db import db
from app.core.errors import Invalid, NotFound
from app.core.i18n import gettext as _
from app.core.i18n import language as current_language
from app.core.i18n import offered
from app.core.ids import new_id, new_secret, secret_hash
from app.notify.mail import send_mail
from app.notify.refused import works_again

LINK_LIFETIME = {
    Purpose.CONFIRM: timedelta(hours=24),
    Purpose.SIGN_IN: timedelta(minutes=30),
    Purpose.RESET: timedelta(hours=1),
    Purpose.INVITE: timedelta(days=7),
    Purpose.ARRIVE: timedelta(minutes=5),
    Purpose.EMAIL: timedelta(hours=24),
}
NAME_LENGTH = 120
EMAIL = re.compile(r"[^@\s,;<>()]{1,64}@[^@\s,;<>()]+\.[^@\s.,;<>()]+\Z")


def clean_email(text: str) -> str:
    """Return the address in lower case; raises Invalid for what cannot be one."""
    email = text.strip().lower()
    if len(email) > 254 or not EMAIL.match(email):
        raise Invalid(_("Enter an e-mail address like name@example.org."))
    return email


def find(email: str) -> Account | None:
    """Return the account with this address, or None; an address holds no NUL, which the database refuses."""
    if "\0" in email:
        return None
    return db.session.scalar(select(Account).where(Account.email == email.strip().lower()))


def new_account(
    address: str, name: str, *, role: Role = Role.RESIDENT, language: str | None = None
) -> Account:
    """Return a new account whose address still has to be confirmed; `address` is a clean one."""
    account = Account(
        id=id_for(address) or new_id(),
        email=address,
        name=name.strip()[:NAME_LENGTH],
        language=language or current_language(),
        role=role,
        created_at=now(),
    )
    db.session.add(account)
    db.session.flush()
    return account


def create_confirmed(
    email: str, name: str, *, role: Role, language: str, password: str | None = None
) -> Account:
    """Create an account whose address needs no confirmation (it came through a mailed link), or return the one there is."""
    account = find(email) or new_account(clean_email(email), name, role=role)
    account.role, account.language = role, language
    account.confirmed_at = account.confirmed_at or now()
    if password is not None:
        account.password_hash = passwords.hash_password(password)
    return account


def check_password(email: str, password: str) -> Account | None:
    """Return the account when address and password fit and the address is confirmed; else None, after the same time."""
    account = find(email)
    fits = passwords.matches(account.password_hash if account else None, password)
    if account is None or not fits or account.confirmed_at is None:
        return None
    if account.password_hash and passwords.is_outdated(account.password_hash):
        account.password_hash = passwords.hash_password(password)
    return account


def mail_link(account: Account, purpose: Purpose, request: AccountRequest | None = None) -> None:
    """Mail a fresh link for one purpose; the name is in it only when its owner has confirmed the address."""
    secret = new_link(account, purpose, request)
    send_mail(
        f"link_{purpose}",
        account.email,
        account.language,
        link=url_for("portal_sign_in.follow", secret=secret, _external=True),
        name=account.name if account.confirmed_at else "",
    )


def new_link(account: Account, purpose: Purpose, request: AccountRequest | None = None) -> str:
    """Return the secret of a fresh link; older ones go on working, so that nobody can end another's by asking anew."""
    secret = new_secret()
    db.session.add(
        AccountLink(
            secret_hash=secret_hash(secret),
            account_id=account.id,
            purpose=purpose,
            expires_at=now() + LINK_LIFETIME[purpose],
            request_id=request.id if request else None,
        )
    )
    db.session.flush()
    return secret


def open_link(secret: str) -> AccountLink:
    """Return a link that still works, locked; raises NotFound for one that is used, over or never was."""
    link = db.session.get(AccountLink, secret_hash(secret), with_for_update={"of": AccountLink})
    if link is None or link.used_at is not None or link.expires_at < now():
        raise NotFound(_("This link no longer works. Ask for a new one."))
    return link


def use_link(link: AccountLink, *, keep_password: bool = False) -> Account:
    """Use a link up and end the account's other links; whoever holds it has read the mail, so the address is confirmed.

    With `keep_password` the password typed at sign-up counts: only for the browser in which it was typed, as
    anybody can type anybody's address.
    """
    account, link.used_at = link.account, now()
    works_again(account.email)
    others = AccountLink.account_id == account.id, AccountLink.secret_hash != link.secret_hash
    db.session.execute(delete(AccountLink).where(*others))
    if account.confirmed_at is None:
        account.confirmed_at = now()
        if link.request is not None:
            account.name = link.request.name or account.name
            account.password_hash = link.request.password_hash if keep_password else None
    return account


def accept_invitation(account: Account, name: str) -> None:
    """Keep the name of somebody who joins the staff and write down that she has."""
    account.name = name.strip()[:NAME_LENGTH]
    audit("accounts.joined", subject=f"account:{account.id}", role=account.role)


def check_strength(account: Account, password: str) -> None:
    """Raise Invalid for a password that is weak for this person."""
    passwords.check_strength(password, account.email, account.name, current_city().name)


def set_password(account: Account, password: str) -> None:
    """Give the account a new password, end every session and tell the owner by mail; raises Invalid for a weak one.

    Links that wait end, too: one to another address may have been asked for by somebody who was in the account.
    """
    check_strength(account, password)
    had_one = account.password_hash is not None
    account.password_hash = passwords.hash_password(password)
    end_all(account.id)
    waiting = AccountLink.account_id == account.id, AccountLink.used_at.is_(None)
    db.session.execute(delete(AccountLink).where(*waiting))
    audit("accounts.password_changed", subject=f"account:{account.id}")
    if had_one:
        link = url_for("portal_sign_in.forgotten", _external=True)
        send_mail("password_changed", account.email, account.language, link=link, name=account.name)


def save_profile(account: Account, *, name: str, language: str) -> None:
    """Change what the person is called and in which language she gets mails."""
    if language not in offered():
        raise Invalid(_("Choose one of the languages."))
    account.name, account.language = name.strip()[:NAME_LENGTH], language
