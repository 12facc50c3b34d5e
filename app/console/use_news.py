"""Look how large each city is, once an hour, and tell its administrators once when little or nothing is left."""

from datetime import timedelta

from flask import url_for
from flask_babel import force_locale
from sqlalchemy import select

from app.accounts.models import Account, Role
from app.console import use
from app.core.context import current_city
from app.core.db import db
from app.core.jobs import task
from app.core.quotas import Use, news
from app.notify.mail import send_mail
from tenants import quotas

MOST_TOLD = 20


@task("quota.look", every=timedelta(hours=1))
def look() -> None:
    """Keep how large the city is and tell what is new about its quotas."""
    size = quotas.look()
    told = {name: level for name, level in size.told.items() if isinstance(level, int)}
    fresh, known = news(told, use.worth_telling(quotas.uses(current_city())))
    size.told = dict(known)
    if fresh:
        _tell(fresh)


def _tell(fresh: list[Use]) -> None:
    chosen = select(Account).where(Account.role == Role.ADMINISTRATOR, Account.confirmed_at.is_not(None))
    for person in db.session.scalars(chosen.order_by(Account.id).limit(MOST_TOLD)):
        with force_locale(person.language):
            lines = [use.line(one) for one in fresh]
        link = url_for("console.city_use", _external=True)
        send_mail("quota_news", person.email, person.language, name=person.name, lines=lines, link=link)
