"""Browsers in which an operator has signed in with both factors; apart from the sessions of cities in every way."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from flask import Response, g, request, session
from sqlalchemy import delete, select

from app.accounts.browsers import browser_name
from app.core.clock import now
from app.core.context import city_or_none
from app.core.db import db, end_transaction
from app.core.ids import new_secret, secret_hash, secret_name
from tenants.models import Operator, OperatorSession

COOKIE = "__Host-parvis-operator"
LIFETIME = timedelta(hours=8)
IDLE = timedelta(minutes=30)
FRESH = timedelta(minutes=10)
SEEN_EVERY = timedelta(minutes=1)
MOST_WRONG_CODES = 5
MOST_LISTED = 50


def current() -> OperatorSession | None:
    """Return the session this browser holds on the platform's own site, or None."""
    if city_or_none() is not None:
        return None
    if "operator_session" not in g:
        g.operator_session = _load(request.cookies.get(COOKIE, ""))
    found: OperatorSession | None = g.operator_session
    return found


def begin(operator: Operator, response: Response, browser: str) -> None:
    """Sign an operator in with a fresh session and fresh cookies; whoever was signed in here before is signed out."""
    held = current()
    if held is not None:
        end(held)
    secret, moment = new_secret(), now()
    db.session.add(
        OperatorSession(
            secret_hash=secret_hash(secret),
            operator_id=operator.id,
            operator=operator,
            created_at=moment,
            seen_at=moment,
            proved_at=moment,
            wrong_codes=0,
            browser=browser_name(browser),
        )
    )
    session.clear()
    response.set_cookie(
        COOKIE,
        secret,
        max_age=int(LIFETIME.total_seconds()),
        secure=True,
        httponly=True,
        samesite="Lax",
        path="/",
    )


def end(held: OperatorSession) -> None:
    """Sign this browser out."""
    db.session.delete(held)
    session.clear()
    g.operator_session = None


def keep() -> None:
    """Commit what a code has changed: a code is used up, or counted as wrong, whatever becomes of the request."""
    end_transaction(keep=True)
    g.pop("operator_session", None)


def forget_cookie(response: Response) -> None:
    """Take the cookie from the browser."""
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="Lax")


def end_all(operator_id: UUID, *, but: OperatorSession | None = None) -> int:
    """Sign an operator out everywhere (except in one browser); returns how many sessions ended."""
    ended = delete(OperatorSession).where(OperatorSession.operator_id == operator_id)
    if but is not None:
        ended = ended.where(OperatorSession.secret_hash != but.secret_hash)
    return len(db.session.execute(ended.returning(OperatorSession.secret_hash)).all())


def end_one(operator_id: UUID, ident: str) -> bool:
    """End one of the operator's own sessions, named as in `name_of`; tells whether it was there."""
    found = next((record for record in open_sessions(operator_id) if name_of(record) == ident), None)
    if found is not None:
        db.session.delete(found)
    return found is not None


def name_of(record: OperatorSession) -> str:
    """Return a name for a session that opens nothing."""
    return secret_name(record.secret_hash)


def open_sessions(operator_id: UUID) -> Sequence[OperatorSession]:
    """Return the browsers in which the operator is signed in, the last used first."""
    moment = now()
    found = select(OperatorSession).where(
        OperatorSession.operator_id == operator_id,
        OperatorSession.seen_at > moment - IDLE,
        OperatorSession.created_at > moment - LIFETIME,
    )
    return db.session.scalars(found.order_by(OperatorSession.seen_at.desc()).limit(MOST_LISTED)).all()


def is_fresh(held: OperatorSession) -> bool:
    """Tell whether a code was given here so lately that a dangerous act needs no other."""
    return held.proved_at + FRESH > now()


def forget() -> None:
    """Delete sessions that are over."""
    moment = now()
    over = (OperatorSession.seen_at < moment - IDLE) | (OperatorSession.created_at < moment - LIFETIME)
    db.session.execute(delete(OperatorSession).where(over))


def _load(secret: str) -> OperatorSession | None:
    if not secret:
        return None
    record, moment = db.session.get(OperatorSession, secret_hash(secret)), now()
    if record is None or record.seen_at + IDLE <= moment or record.created_at + LIFETIME <= moment:
        return None
    if record.operator.disabled_at is not None or record.operator.totp_step == 0:
        return None
    if record.seen_at + SEEN_EVERY <= moment:
        record.seen_at = moment
    return record
