"""What the platform itself counts in a city: accounts, visits, mails."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from app.accounts.models import Account, AccountSession
from app.core.clock import from_local
from app.core.context import current_city
from app.core.db import db
from app.web.statistics import measure
from tenants.models import Usage


def bounds(day: date) -> tuple[datetime, datetime]:
    """Return when a day of the city begins and when the next one does."""
    start = datetime.combine(day, time())
    return from_local(start), from_local(start + timedelta(days=1))


def _accounts(
    column: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None], day: date
) -> int:
    begins, ends = bounds(day)
    found = select(func.count()).select_from(Account).where(column >= begins, column < ends)
    return db.session.scalar(found) or 0


@measure("new_accounts", _l("New accounts"))
def new_accounts(day: date) -> Iterator[tuple[str, int]]:
    """Yield how many accounts were opened."""
    yield "", _accounts(Account.created_at, day)


@measure("confirmed_accounts", _l("Confirmed accounts"))
def confirmed_accounts(day: date) -> Iterator[tuple[str, int]]:
    """Yield how many people confirmed their address."""
    yield "", _accounts(Account.confirmed_at, day)


@measure("active_accounts", _l("People who were signed in"), looks_back=False)
def active_accounts(day: date) -> Iterator[tuple[str, int]]:
    """Yield how many people were here with an account."""
    begins, ends = bounds(day)
    found = select(func.count(AccountSession.account_id.distinct()))
    yield (
        "",
        db.session.scalar(found.where(AccountSession.seen_at >= begins, AccountSession.seen_at < ends)) or 0,
    )


def _usage(day: date) -> Usage | None:
    return db.session.get(Usage, (current_city().id, day))


@measure("requests", _l("Pages and files requested"), of_people=False)
def requests(day: date) -> Iterator[tuple[str, int]]:
    """Yield how many requests were answered; their days are those of UTC."""
    found = _usage(day)
    yield "", found.requests if found else 0


@measure("mails", _l("Mails sent"), of_people=False)
def mails(day: date) -> Iterator[tuple[str, int]]:
    """Yield how many mails left; their days are those of UTC."""
    found = _usage(day)
    yield "", found.mails if found else 0
