"""An operator inside a city: with a reason, until a moment, never as a person of that city.

A visit is no account. It has an administrator's permissions for the pages of staff and none of a resident's rights,
so nothing an operator does can carry an operator's name in the city's tables except the audit log.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from app.core.audit import audit
from app.core.clock import now
from app.core.context import Actor, City, CityState, acting, city_or_none, serving
from app.core.db import db, end_transaction
from app.core.errors import Conflict, Invalid, NotFound
from app.core.i18n import gettext as _
from app.core.ids import new_id, new_secret, secret_hash
from app.core.jobs import task
from tenants import resolve
from tenants.journal import note
from tenants.models import Operator, OperatorVisit

log = logging.getLogger("parvis.operators")
MINUTES = (15, 30, 60)
OPEN_TO_VISITS = (CityState.LIVE, CityState.SUSPENDED)
SHORTEST_REASON, LONGEST_REASON = 10, 500
HANDOVER_LIFETIME = timedelta(minutes=2)
# What the city's cookie holds begins with this, so that a visit is never looked up among the city's own sessions.
MARK = "visit:"
MOST_LISTED = 20


@dataclass(frozen=True, slots=True)
class Visit:
    """An operator's visit as the city's pages see it."""

    id: UUID
    operator_id: UUID
    operator_name: str
    reason: str
    ends_at: datetime

    @property
    def actor(self) -> Actor:
        """Return the operator as the city's audit log writes her down."""
        return Actor("operator", str(self.operator_id), self.operator_name)


def begin(operator: Operator, city: City, *, reason: str, minutes: int) -> UUID:
    """Enter a visit into the platform's books and the city's audit log, before anything can be done in it."""
    why = check_reason(reason)
    if city.state not in OPEN_TO_VISITS:
        raise Conflict(_("%(city)s is to be erased and can no longer be visited.", city=city.name))
    if minutes not in MINUTES:
        raise Invalid(_("Choose how long the visit lasts."))
    ident, moment, kept = new_id(), now(), False
    with serving(city), acting(Actor("operator", str(operator.id), operator.name)):
        try:
            db.session.add(
                OperatorVisit(
                    id=ident,
                    operator_id=operator.id,
                    city_id=city.id,
                    reason=why,
                    secret_hash=_link_hash(new_secret()),
                    began_at=moment,
                    ends_at=moment + timedelta(minutes=minutes),
                )
            )
            audit("visits.began", subject=f"visit:{ident}", reason=why, minutes=minutes)
            note("visits.began", city.id, visit=str(ident), minutes=minutes)
            kept = True
        finally:
            end_transaction(keep=kept)
    return ident


def check_reason(typed: str) -> str:
    """Return a reason that says something; raises Invalid."""
    reason = " ".join(typed.split())
    if len(reason) < SHORTEST_REASON:
        raise Invalid(
            _("Say in at least %(number)s characters why you visit the city.", number=SHORTEST_REASON)
        )
    if len(reason) > LONGEST_REASON:
        raise Invalid(_("Use at most %(max)d characters.", max=LONGEST_REASON))
    return reason


def handover(visit_id: UUID, operator_id: UUID) -> tuple[str, str]:
    """Return the id of the city and the secret that leads into it once; an older way in, and who used it, are shut out."""
    visit = db.session.get(OperatorVisit, visit_id, with_for_update={"of": OperatorVisit})
    if visit is None or visit.operator_id != operator_id or not _runs(visit):
        raise NotFound(_("This visit is over."))
    secret = new_secret()
    visit.secret_hash = _link_hash(secret)
    return visit.city_id, secret


def arrive(secret: str) -> str:
    """Use up the way into the city being served and return what the browser's cookie will hold; raises NotFound."""
    city, found = city_or_none(), select(OperatorVisit).where(OperatorVisit.secret_hash == _link_hash(secret))
    visit = db.session.scalar(found.with_for_update(of=OperatorVisit))
    if visit is None or city is None or visit.city_id != city.id or not _runs(visit):
        raise NotFound(_("This way in is over. Begin the visit again in the operators' console."))
    held = MARK + new_secret()
    visit.secret_hash = secret_hash(held)
    return held


def load(held: str) -> Visit | None:
    """Return the visit that a cookie holds in the city being served; None when it is over."""
    city = city_or_none()
    visit = _held(held)
    if city is None or visit is None or visit.city_id != city.id or not _runs(visit):
        return None
    return Visit(visit.id, visit.operator_id, visit.operator.name, visit.reason, visit.ends_at)


def leave(held: str) -> None:
    """End the visit that this browser holds and write it into the audit log of the city being served."""
    visit = _held(held, lock=True)
    if visit is not None and visit.ended_at is None:
        _close(visit, now())


def running(operator_id: UUID) -> Sequence[OperatorVisit]:
    """Return the operator's visits that are not over."""
    found = select(OperatorVisit).where(
        OperatorVisit.operator_id == operator_id,
        OperatorVisit.ended_at.is_(None),
        OperatorVisit.ends_at > now(),
    )
    return db.session.scalars(found.order_by(OperatorVisit.began_at.desc()).limit(MOST_LISTED)).all()


def of_city(city_id: str) -> Sequence[OperatorVisit]:
    """Return the newest visits to a city."""
    found = select(OperatorVisit).where(OperatorVisit.city_id == city_id)
    return db.session.scalars(found.order_by(OperatorVisit.began_at.desc()).limit(MOST_LISTED)).all()


def stop(operator_id: UUID) -> None:
    """End every visit of an operator."""
    for ident in [visit.id for visit in running(operator_id)]:
        _end(ident, now())


@task("platform.end_visits", every=timedelta(minutes=1), of_platform=True)
def end_over() -> None:
    """Write the end of visits whose time is over, or whose operator was locked out, into the audit logs."""
    open_ones = select(
        OperatorVisit.id, OperatorVisit.ends_at, Operator.disabled_at, Operator.totp_step
    ).join(Operator, Operator.id == OperatorVisit.operator_id)
    moment = now()
    over = (OperatorVisit.ends_at <= moment) | Operator.disabled_at.is_not(None) | (Operator.totp_step == 0)
    rows = db.session.execute(open_ones.where(OperatorVisit.ended_at.is_(None), over).limit(500)).all()
    for row in rows:
        _end(row.id, min(row.ends_at, row.disabled_at or moment))


def _end(visit_id: UUID, at: datetime) -> None:
    """End one visit with an entry in its city's audit log; without one where the city's tables are gone."""
    city_id = db.session.scalar(select(OperatorVisit.city_id).where(OperatorVisit.id == visit_id))
    end_transaction(keep=True)
    try:
        _end_in(resolve.city_by_id(city_id or ""), visit_id, at)
    except DBAPIError:
        log.warning("visit %s: its city has no audit log any more", visit_id)
        _end_in(None, visit_id, at)


def _end_in(city: City | None, visit_id: UUID, at: datetime) -> None:
    kept = False
    with serving(city):
        try:
            visit = db.session.get(OperatorVisit, visit_id, with_for_update={"of": OperatorVisit})
            if visit is not None and visit.ended_at is None:
                _close(visit, at)
            kept = True
        finally:
            end_transaction(keep=kept)


def _close(visit: OperatorVisit, at: datetime) -> None:
    visit.ended_at = at
    with acting(Actor("operator", str(visit.operator_id), visit.operator.name)):
        if city_or_none() is not None:
            audit("visits.ended", subject=f"visit:{visit.id}")
        note("visits.ended", visit.city_id, visit=str(visit.id))


def _held(held: str, *, lock: bool = False) -> OperatorVisit | None:
    found = select(OperatorVisit).where(OperatorVisit.secret_hash == secret_hash(held))
    return db.session.scalar(found.with_for_update(of=OperatorVisit) if lock else found)


def _runs(visit: OperatorVisit) -> bool:
    operator = visit.operator
    may_visit = operator.disabled_at is None and operator.totp_step > 0
    return visit.ended_at is None and visit.ends_at > now() and may_visit


def _link_hash(secret: str) -> str:
    """Return the hash of a way in; never that of a cookie, so that neither can stand for the other."""
    return secret_hash(f"way in {secret}")
