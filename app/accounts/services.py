"""Everything that can be done with an account; the same answers for known and unknown addresses."""

import re
from datetime import timedelta
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import delete, func, select

from app.accounts import passwords
from app.accounts.models import Account, AccountLink, Purpose, Role
from app.accounts.sessions import end_all
from app.core.audit import audit
from app.core.clock import now
from app.core.db import db
from app.core.errors import Conflict, Invalid, NotFound
from app.core.i18n import language as current_language
from app.core.ids import new_id, new_secret, secret_hash
from app.notify.mail import send_mail

LINK_LIFETIME = {
    Purpose.CONFIRM: timedelta(hours=24),
    Purpose.SIGN_IN: timedelta(minutes=30),
    Purpose.RESET: timedelta(hours=1),
    Purpose.INVITE: timedelta(days=7),
}
EMAIL = re.compile(r"[^@\s,;<>()]{1,64}@[^@\s,;<>()]+\.[^@\s.,;<>()]+\Z")


def clean_email(text: str) -> str:
    """Return the address in lower case; raises Invalid for what cannot be one."""
    email = text.strip().lower()
    if len(email) > 254 or not EMAIL.match(email):
        raise Invalid(_("Enter an e-mail address like name@example.org."))
    return email


def find(email: str) -> Account | None:
    """Return the account with this address, or None."""
    return db.session.scalar(select(Account).where(Account.email == email.strip().lower()))


def register(email: str, name: str, password: str | None) -> None:
    """Ask a new resident to confirm her address by mail; whoever is known gets a mail that says so."""
    address = clean_email(email)
    if password is not None:
        passwords.check_strength(password, address)
    known = find(address)
    if known is not None and known.confirmed_at is not None:
        send_mail(
            "already_known",
            address,
            known.language,
            sign_in_url=url_for("portal_sign_in.sign_in", _external=True),
        )
        return
    account = known or _new(address, name)
    account.name = name.strip()[:120]
    account.password_hash = passwords.hash_password(password) if password else account.password_hash
    _mail_link(account, Purpose.CONFIRM)


def _new(address: str, name: str, role: Role = Role.RESIDENT) -> Account:
    account = Account(
        id=new_id(),
        email=address,
        name=name.strip()[:120],
        language=current_language(),
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
    account = find(email) or _new(clean_email(email), name, role)
    account.role, account.language = role, language
    account.confirmed_at = account.confirmed_at or now()
    if password is not None:
        account.password_hash = passwords.hash_password(password)
    return account


def check_password(email: str, password: str) -> Account | None:
    """Return the account when address and password fit and the address is confirmed; else None, after the same time."""
    account = find(email)
    fits = passwords.matches(account.password_hash if account else None, password)
    return account if account and fits and account.confirmed_at else None


def send_sign_in_link(email: str) -> None:
    """Mail a link that signs in, if the address is known; says nothing either way."""
    account = find(clean_email(email))
    if account is not None:
        _mail_link(account, Purpose.SIGN_IN if account.confirmed_at else Purpose.CONFIRM)


def send_reset_link(email: str) -> None:
    """Mail a link to choose a new password, if the address is known; says nothing either way."""
    account = find(clean_email(email))
    if account is not None:
        _mail_link(account, Purpose.RESET)


def _mail_link(account: Account, purpose: Purpose) -> None:
    secret = new_link(account, purpose)
    link = url_for("portal_sign_in.follow", secret=secret, _external=True)
    send_mail(f"link_{purpose}", account.email, account.language, link=link, name=account.name)


def new_link(account: Account, purpose: Purpose) -> str:
    """Return the secret of a fresh link for one purpose; older ones for the same purpose end."""
    db.session.execute(
        delete(AccountLink).where(AccountLink.account_id == account.id, AccountLink.purpose == purpose)
    )
    secret = new_secret()
    expires = now() + LINK_LIFETIME[purpose]
    db.session.add(
        AccountLink(
            secret_hash=secret_hash(secret), account_id=account.id, purpose=purpose, expires_at=expires
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


def use_link(link: AccountLink) -> Account:
    """Use a link up; whoever holds it has read the mail, so the address is confirmed."""
    link.used_at = now()
    link.account.confirmed_at = link.account.confirmed_at or now()
    return link.account


def set_password(account: Account, password: str) -> None:
    """Give the account a new password and end every session; raises Invalid for a weak one."""
    passwords.check_strength(password, account.email)
    account.password_hash = passwords.hash_password(password)
    end_all(account.id)
    audit("accounts.password_changed", subject=f"account:{account.id}")


def staff(limit: int = 200) -> list[Account]:
    """Return the people who work for the city, by name."""
    found = (
        select(Account).where(Account.role != Role.RESIDENT).order_by(func.lower(Account.name), Account.id)
    )
    return list(db.session.scalars(found.limit(limit)))


def invite(email: str, role: Role) -> Account:
    """Make a person staff and mail her a link; raises Conflict for somebody who already is."""
    address = clean_email(email)
    account = find(address)
    if account is not None and account.is_staff and account.confirmed_at:
        raise Conflict(_("%(email)s already works here.", email=address))
    account = account or _new(address, address.partition("@")[0])
    account.role = role
    audit("accounts.invited", subject=f"account:{account.id}", role=role)
    _mail_link(account, Purpose.INVITE)
    return account


def change_role(account_id: UUID, role: Role) -> Account:
    """Change what a person may do; raises Conflict when nobody would be administrator any more."""
    account = db.session.get(Account, account_id, with_for_update=True)
    if account is None:
        raise NotFound(_("There is no such person."))
    if account.role is Role.ADMINISTRATOR and role is not Role.ADMINISTRATOR:
        _keep_one_administrator()
    audit("accounts.role_changed", subject=f"account:{account.id}", before=account.role, after=role)
    account.role = role
    end_all(account.id)
    return account


def _keep_one_administrator() -> None:
    ids = db.session.scalars(
        select(Account.id).where(Account.role == Role.ADMINISTRATOR).with_for_update()
    ).all()
    if len(ids) < 2:
        raise Conflict(_("A city needs at least one administrator. Make somebody else administrator first."))
