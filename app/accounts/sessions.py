"""Signed-in browsers: records that can be listed and ended, loaded through Flask-Login."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask import Flask, g, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.orm.exc import ObjectDeletedError

from app.accounts.browsers import browser_name
from app.accounts.models import Account, AccountSession, Way
from app.accounts.operators import visits
from app.accounts.policy import Policy, policy
from app.core.clock import now
from app.core.context import city_or_none
from app.core.db import db, end_transaction
from app.core.ids import new_secret, secret_hash, secret_name

LIFETIME = timedelta(days=30)
"""How long one lasts of which nothing else is said: the version before did not write it down."""
SEEN_EVERY = timedelta(minutes=10)
SEEN_EVERY_OF_SHORT = timedelta(minutes=1)
SHORT = timedelta(hours=12)
MOST_LISTED = 50
_HELD = select(AccountSession).where(AccountSession.secret_hash == bindparam("hashed"))


@dataclass(frozen=True, slots=True)
class How:
    """How somebody came in; `strong` with a second factor, or by a passkey."""

    way: Way = Way.LINK
    strong: bool = False
    provider: str = ""
    logout_hint: str | None = None


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A signed-in browser as its owner sees it; `here` is the one that asks, `name` opens nothing."""

    name: str
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
    record = db.session.scalar(_HELD, {"hashed": secret_hash(secret)})
    moment = now()
    if record is None or is_over(record, moment):
        return None
    if record.seen_at + _seen_every(record) < moment:
        record.seen_at = moment
    return SignedIn(secret, record)


def is_over(record: AccountSession, moment: datetime) -> bool:
    """Tell whether a session has ended: its time is up, or no page was asked for during too long."""
    idle = timedelta(minutes=record.idle_minutes) if record.idle_minutes else LIFETIME
    return record.seen_at + idle < moment or (record.ends_at is not None and record.ends_at <= moment)


def _seen_every(record: AccountSession) -> timedelta:
    short = record.idle_minutes is not None and timedelta(minutes=record.idle_minutes) <= SHORT
    return SEEN_EVERY_OF_SHORT if short else SEEN_EVERY


def held() -> AccountSession | None:
    """Return the session of the person who is signed in here, or None."""
    if city_or_none() is None or not session or "_user_id" not in session:
        return None
    user = current_user._get_current_object()
    try:
        return user.record if isinstance(user, SignedIn) and user.account else None
    except ObjectDeletedError:
        # Somebody ended this session while the request was on its way.
        return None


def let_go() -> None:
    """Commit and let the database go, before another server is asked; who is signed in is looked up anew afterwards."""
    end_transaction(keep=True)
    g.pop("_login_user", None)


def begin(account: Account, browser: str, how: How | None = None) -> None:
    """Sign a person in with a fresh session and a fresh cookie; who was signed in here before is signed out.

    `browser` is what the browser calls itself; only its name and system are kept.
    """
    _end_held()
    secret, moment, came = new_secret(), now(), how or How()
    decided = policy()
    length, idle_minutes = decided.lengths(of_staff=account.is_staff)
    record = AccountSession(
        secret_hash=secret_hash(secret),
        account_id=account.id,
        account=account,
        created_at=moment,
        seen_at=moment,
        browser=browser_name(browser),
        way=came.way,
        strong=came.strong,
        proved_at=moment,
        ends_at=moment + length,
        idle_minutes=idle_minutes,
        factor_due=decided.staff_factor_from,
        provider=came.provider,
        logout_hint=came.logout_hint,
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


def end_one(account_id: UUID, name: str) -> bool:
    """End one of a person's own sessions, named as in `open_sessions`; tells whether it was there."""
    found = next((each for each in _records(account_id) if secret_name(each.secret_hash) == name), None)
    if found is not None:
        db.session.delete(found)
    return found is not None


def limit_to(decided: Policy) -> None:
    """Hold sessions that are open to what a city decides: how long they last, from when staff need a second factor."""
    for of_staff in (True, False):
        length, idle_minutes = decided.lengths(of_staff=of_staff)
        people = select(Account.id).where(Account.is_staff if of_staff else ~Account.is_staff)
        latest = AccountSession.created_at + length
        shorter = update(AccountSession).where(AccountSession.account_id.in_(people))
        db.session.execute(
            shorter.values(
                ends_at=func.least(func.coalesce(AccountSession.ends_at, latest), latest),
                idle_minutes=idle_minutes,
                factor_due=decided.staff_factor_from,
            ).execution_options(synchronize_session=False)
        )


def open_sessions(account_id: UUID) -> list[OpenSession]:
    """Return the browsers that are signed in as this person, the last used first; the newest 50 at most."""
    held_secret, moment = session.get("_user_id"), now()
    here = secret_hash(held_secret) if isinstance(held_secret, str) else ""
    return [
        OpenSession(secret_name(r.secret_hash), r.browser, r.created_at, r.seen_at, r.secret_hash == here)
        for r in _records(account_id)
        if not is_over(r, moment)
    ]


def _records(account_id: UUID) -> Sequence[AccountSession]:
    found = select(AccountSession).where(
        AccountSession.account_id == account_id, AccountSession.seen_at >= now() - LIFETIME
    )
    return db.session.scalars(found.order_by(AccountSession.seen_at.desc()).limit(MOST_LISTED)).all()
