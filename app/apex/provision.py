"""Making a city: safe to run twice, resumed wherever it was stopped, given up without a trace.

The work touches two logins and so cannot be one transaction. The city's row and the sign-up's state are written
last, in the transaction that also locks the sign-up; all before that finds what an earlier run left and goes on.
"""

import logging
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from app.accounts.models import Role
from app.accounts.services import create_confirmed
from app.accounts.services import find as find_account
from app.apex.signup import url_of
from app.core.audit import audit
from app.core.clock import now
from app.core.context import City, serving
from app.core.db import db, end_transaction
from app.core.jobs import enqueue, task
from app.notify.mail import send_mail
from tenants import lifecycle, schema
from tenants.models import CityRecord, Signup, SignupState

log = logging.getLogger("parvis.provision")
MOST_ATTEMPTS = 5
FIRST_DELAY = timedelta(seconds=5)
STUCK_AFTER = timedelta(minutes=3)


@task("platform.provision", of_platform=True)
def provision(signup_id: str) -> None:
    """Make the city of a confirmed sign-up; a failure is tried again later, the last one gives the city up."""
    ident = UUID(signup_id)
    attempt = _count_attempt(ident)
    if attempt is None:
        return
    if attempt > MOST_ATTEMPTS:
        _give_up(ident)
        return
    try:
        _make(ident)
    except Exception:
        log.exception("sign-up %s: attempt %s failed", ident, attempt)
        end_transaction(keep=False)
        _after_failure(ident, attempt)


@task("platform.resume_signups", every=timedelta(minutes=1), of_platform=True)
def resume_signups() -> None:
    """Ask again for cities on which a worker died."""
    for ident in lifecycle.stuck(now() - STUCK_AFTER):
        enqueue("platform.provision", signup_id=str(ident))


@task("platform.forget_signups", every=timedelta(days=1), of_platform=True)
def forget_signups() -> None:
    """Delete what is kept of sign-ups when their time is over."""
    lifecycle.forget_old()


def _count_attempt(ident: UUID) -> int | None:
    """Write down that another attempt begins; None when there is nothing to do or somebody is at it."""
    signup = _locked(ident)
    if signup is None:
        return None
    signup.attempts += 1
    attempt = signup.attempts
    end_transaction(keep=True)
    return attempt


def _locked(ident: UUID) -> Signup | None:
    waiting = select(Signup).where(Signup.id == ident, Signup.state == SignupState.CONFIRMED)
    return db.session.scalar(waiting.with_for_update(skip_locked=True))


def _make(ident: UUID) -> None:
    signup = _locked(ident)
    if signup is None:
        return
    record = db.session.get_one(CityRecord, signup.city_id)
    city = lifecycle.as_city(record)
    schema.create(city.schema)
    _enter_administrator(city, signup.email, signup.language)
    lifecycle.go_live(signup, record)
    send_mail(
        "city_ready",
        signup.email,
        signup.language,
        about=record.id,
        city_name=signup.city_name,
        site_url=url_of(signup),
        sign_in_url=url_of(signup, "/sign-in"),
    )


def _enter_administrator(city: City, email: str, language: str) -> None:
    """Give the city its first administrator, in a transaction of the city's own."""
    kept = False
    with serving(city):
        try:
            if find_account(email) is None:
                name = email.partition("@")[0]
                create_confirmed(email, name, role=Role.ADMINISTRATOR, language=language)
                audit("city.created", subject=f"city:{city.id}")
            kept = True
        finally:
            end_transaction(keep=kept)


def _after_failure(ident: UUID, attempt: int) -> None:
    if attempt < MOST_ATTEMPTS:
        enqueue("platform.provision", at=now() + FIRST_DELAY * 2 ** (attempt - 1), signup_id=str(ident))
    else:
        _give_up(ident)


def _give_up(ident: UUID) -> None:
    signup = _locked(ident)
    if signup is not None:
        log.error("sign-up %s: given up", ident)
        lifecycle.abandon(signup)
