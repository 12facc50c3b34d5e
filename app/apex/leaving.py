"""Tell the administrators of a city that it is to be erased, or that it stays after all."""

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import select

from app.accounts.models import Account, Role
from app.core.clock import now
from app.core.context import City, serving
from app.core.db import db, end_transaction
from app.core.jobs import task
from app.notify.mail import send_mail
from tenants import lifecycle
from tenants.models import CityRecord, CityState, PlatformMail

MOST_TOLD = 100
# A mail about the same change is not written twice; what changed longer ago is told by what came after it.
TOLD_WITHIN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Administrator:
    """Whom to write to, in which language."""

    email: str
    language: str


@task("platform.announce_erasure", of_platform=True)
def announce_erasure(city_id: str) -> None:
    """Mail every administrator what has become of their city; a second run finds that done.

    The mails are the platform's own: nothing of a closed city is sent any more.
    """
    record = db.session.get(CityRecord, city_id, with_for_update=True)
    changed = record.state_changed_at if record else None
    if record is None or changed is None or changed < now() - TOLD_WITHIN:
        return
    told = select(PlatformMail.id).where(PlatformMail.about == city_id, PlatformMail.created_at >= changed)
    if db.session.scalar(told.limit(1)) is not None:
        return
    template = "city_erasing" if record.state is CityState.ERASING else "city_kept"
    day = (record.erase_at or now()).astimezone(ZoneInfo(record.time_zone)).date()
    city = lifecycle.as_city(record)
    for administrator in _administrators(city):
        send_mail(
            template,
            administrator.email,
            administrator.language,
            about=city_id,
            city_name=record.name,
            site_url=current_app.config["PARVIS"].url(city.host),
            closed=record.state is not CityState.LIVE,
            day=day,
            words=record.state_reason,
            contact=current_app.config["PARVIS"].operator_contact,
        )


def _administrators(city: City) -> list[Administrator]:
    """Read them in a transaction of the city's own."""
    with serving(city):
        try:
            found = select(Account.email, Account.language).where(
                Account.role == Role.ADMINISTRATOR, Account.confirmed_at.is_not(None)
            )
            rows = db.session.execute(found.order_by(Account.id).limit(MOST_TOLD)).all()
            return [Administrator(row.email, row.language) for row in rows]
        finally:
            end_transaction(keep=False)
