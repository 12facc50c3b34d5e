"""What people ask for by typing an address.

A request only writes down what was asked, so that it does the same for a known address and for an unknown one;
a task looks the address up and answers by mail. Nobody learns who has an account (OWASP ASVS 6.3.8).
"""

from datetime import timedelta
from uuid import UUID

from flask import url_for
from sqlalchemy import select

from app.accounts import passwords
from app.accounts.models import Account, AccountLink, AccountRequest, Purpose, Wish
from app.accounts.services import (
    LINK_LIFETIME,
    NAME_LENGTH,
    clean_email,
    find,
    mail_link,
    new_account,
    new_link,
)
from app.core.clock import now
from app.core.context import current_city
from app.core.db import db
from app.core.i18n import language
from app.core.ids import new_id
from app.core.jobs import enqueue
from app.notify.mail import send_mail

# A wrong password asks for a reminder each time; one mail in this while is enough.
REMIND_EVERY = timedelta(minutes=10)


def register(email: str, name: str, password: str | None, *, back: str = "") -> UUID:
    """Ask a new resident to confirm her address by mail; whoever is known gets a mail that says so.

    Returns the id of the request: the browser that remembers it may use the password typed here.
    """
    address = clean_email(email)
    hashed = None
    if password:
        passwords.check_strength(password, address, name, current_city().name)
        hashed = passwords.hash_password(password)
    return _ask(Wish.SIGN_UP, address, name=name, password_hash=hashed, back=back)


def send_sign_in_link(email: str, *, back: str = "") -> None:
    """Mail a link that signs in, if the address is known; says nothing either way."""
    _ask(Wish.SIGN_IN, clean_email(email), back=back)


def send_reset_link(email: str, *, back: str = "") -> None:
    """Mail a link to choose a new password, if the address is known; says nothing either way."""
    _ask(Wish.RESET, clean_email(email), back=back)


def remind(email: str, *, back: str = "") -> None:
    """Mail the link that confirms the address once more, if that is what keeps the person from signing in."""
    _ask(Wish.REMIND, clean_email(email), back=back)


def _ask(
    wish: Wish, address: str, *, name: str = "", password_hash: str | None = None, back: str = ""
) -> UUID:
    request = AccountRequest(
        id=new_id(),
        wish=wish,
        email=address,
        name=name.strip()[:NAME_LENGTH],
        password_hash=password_hash,
        language=language(),
        back=back,
        created_at=now(),
    )
    db.session.add(request)
    enqueue("accounts.answer", request_id=str(request.id))
    return request.id


def answer(request_id: UUID) -> None:
    """Send what was asked for, once; a second call does nothing."""
    request = db.session.get(AccountRequest, request_id, with_for_update=True)
    if request is None or request.answered_at is not None:
        return
    request.answered_at = now()
    account = find(request.email)
    if account is None and request.wish is Wish.SIGN_UP:
        account = new_account(request.email, request.name, language=request.language)
    if account is None:
        return
    if account.confirmed_at is None and request.wish is not Wish.RESET:
        _ask_to_confirm(account, request)
    elif request.wish is Wish.SIGN_UP:
        _say_known(account, request)
    elif request.wish in (Wish.SIGN_IN, Wish.RESET):
        mail_link(account, Purpose(request.wish.value), request)


def _ask_to_confirm(account: Account, request: AccountRequest) -> None:
    if request.wish is Wish.REMIND and _lately_asked_to_confirm(account):
        return
    mail_link(account, Purpose.CONFIRM, _sign_up_behind(request) or request)


def _sign_up_behind(request: AccountRequest) -> AccountRequest | None:
    if request.wish is Wish.SIGN_UP:
        return request
    asked = select(AccountRequest).where(
        AccountRequest.email == request.email, AccountRequest.wish == Wish.SIGN_UP
    )
    return db.session.scalar(asked.order_by(AccountRequest.id.desc()).limit(1))


def _lately_asked_to_confirm(account: Account) -> bool:
    expires_after = now() + LINK_LIFETIME[Purpose.CONFIRM] - REMIND_EVERY
    lately = select(AccountLink.secret_hash).where(
        AccountLink.account_id == account.id,
        AccountLink.purpose == Purpose.CONFIRM,
        AccountLink.expires_at > expires_after,
    )
    return db.session.scalar(lately.limit(1)) is not None


def _say_known(account: Account, request: AccountRequest) -> None:
    secret = new_link(account, Purpose.SIGN_IN, request)
    link = url_for("portal_sign_in.follow", secret=secret, _external=True)
    send_mail("already_known", account.email, account.language, link=link, name=account.name)
