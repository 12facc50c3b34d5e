"""Signed-in browsers: records that can be listed and ended, loaded through Flask-Login."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask import Flask, session
from flask_login import LoginManager, UserMixin, login_user, logout_user
from sqlalchemy import delete, select

from app.accounts.browsers import browser_name
from app.accounts.models import Account, AccountSession
from app.accounts.operators import visits
from app.core.clock import now
from app.core.context import city_or_none
from app.core.db import db
from app.core.ids import new_secret, secret_hash

LIFETIME = timedelta(days=30)
SEEN_EVERY = timedelta(minutes=10)
MOST_LISTED = 50


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A signed-in browser as its owner sees it; `here` is the one that asks."""

    browser: str
    since: datetime
    seen_at: datetime
    here: bool


class SignedIn(UserMixin):  # type: ignore[misc]
    """What Flask-Login carries: the secret of a session and the account behind it."""

    def __init__(self, secret: str, record: AccountSession) -> None:
        self.secret = secret
        self.record = record

    @property
    def account(self) -> Account:
        """Return the person."""
        return self.record.account

    def get_id(self) -> str:
        """Return what goes into the cookie."""
        return self.secret


class Visiting(UserMixin):  # type: ignore[misc]
    """What Flask-Login carries while an operator visits the city: no account, but what the visit allows."""

    def __init__(self, secret: str, visit: visits.Visit) -> None:
        self.secret = secret
        self.visit = visit

    def get_id(self) -> str:
        """Return what goes into the cookie."""
        return self.secret


def install(app: Flask) -> None:
    """Connect Flask-Login; a session of one city is nothing in another, as its record is not there."""
    manager = LoginManager()
    manager.session_protection = None
    manager.init_app(app)
    manager.user_loader(load)


def load(secret: str) -> SignedIn | Visiting | None:
    """Return who holds this secret in the city being served; None when the session has ended."""
    if city_or_none() is None:
        return None
    if secret.startswith(visits.MARK):
        visit = visits.load(secret)
        return Visiting(secret, visit) if visit else None
    record = db.session.get(AccountSession, secret_hash(secret))
    if record is None or record.seen_at + LIFETIME < now():
        return None
    if record.seen_at + SEEN_EVERY < now():
        record.seen_at = now()
    return SignedIn(secret, record)


def begin(account: Account, browser: str) -> None:
    """Sign a person in with a fresh session and a fresh cookie; who was signed in here before is signed out.

    `browser` is what the browser calls itself; only its name and system are kept.
    """
    _end_held()
    secret = new_secret()
    moment = now()
    record = AccountSession(
        secret_hash=secret_hash(secret),
        account_id=account.id,
        account=account,
        created_at=moment,
        seen_at=moment,
        browser=browser_name(browser),
    )
    db.session.add(record)
    session.clear()
    session.permanent = True
    login_user(SignedIn(secret, record))


def begin_visit(way_in: str) -> None:
    """Let an operator in who comes by a fresh way in; who was signed in here before is signed out. Raises NotFound."""
    secret = visits.arrive(way_in)
    _end_held()
    session.clear()
    session["_user_id"], session["_fresh"] = secret, True


def end() -> None:
    """Sign this browser out."""
    _end_held()
    logout_user()
    session.clear()


def _end_held() -> None:
    held = session.get("_user_id")
    if isinstance(held, str) and held.startswith(visits.MARK):
        visits.leave(held)
    elif isinstance(held, str):
        db.session.execute(delete(AccountSession).where(AccountSession.secret_hash == secret_hash(held)))


def end_all(account_id: UUID, *, but: str | None = None) -> int:
    """Sign the person out everywhere (except the browser holding the secret `but`); returns how many sessions ended."""
    ended = delete(AccountSession).where(AccountSession.account_id == account_id)
    if but is not None:
        ended = ended.where(AccountSession.secret_hash != secret_hash(but))
    return len(db.session.execute(ended.returning(AccountSession.secret_hash)).all())


def open_sessions(account_id: UUID) -> list[OpenSession]:
    """Return the browsers that are signed in as this person, the last used first; the newest 50 at most."""
    held = session.get("_user_id")
    here = secret_hash(held) if isinstance(held, str) else ""
    found = select(AccountSession).where(
        AccountSession.account_id == account_id, AccountSession.seen_at >= now() - LIFETIME
    )
    rows = db.session.scalars(found.order_by(AccountSession.seen_at.desc()).limit(MOST_LISTED))
    return [OpenSession(r.browser, r.created_at, r.seen_at, r.secret_hash == here) for r in rows]
