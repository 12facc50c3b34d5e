"""Telephone numbers, browsers and addresses that take no mail, as the data protection page tells of them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import CursorResult, delete, select

from app.core.db import db
from app.core.people import Basis, Holding, Record, holds
from app.notify import browsers, phones
from app.notify.browsers import PushSubscription
from app.notify.people import account
from app.notify.phones import Phone
from app.notify.refused import RefusedAddress

UNCONFIRMED_KEPT = timedelta(days=2)
REFUSED_KEPT = timedelta(days=365)


def _collect(account_id: UUID) -> Iterator[Record]:
    if phone := phones.of(account_id):
        yield {"telephone": phone.number, "confirmed_at": phone.confirmed_at}
    for browser in browsers.of(account_id):
        yield {"browser": browser.browser, "since": browser.created_at}
    address = select(account.c.email).where(account.c.id == account_id).scalar_subquery()
    refused = db.session.scalar(select(RefusedAddress).where(RefusedAddress.email == address))
    if refused:
        yield {"mails_came_back": refused.times, "last": refused.at, "status": refused.status}


def _erase(account_id: UUID) -> None:
    db.session.execute(delete(Phone).where(Phone.account_id == account_id))
    db.session.execute(delete(PushSubscription).where(PushSubscription.account_id == account_id))
    address = select(account.c.email).where(account.c.id == account_id).scalar_subquery()
    db.session.execute(delete(RefusedAddress).where(RefusedAddress.email == address))


def _retain(moment: datetime) -> int:
    unconfirmed = Phone.confirmed_at.is_(None), Phone.asked_at < moment - UNCONFIRMED_KEPT
    gone = db.session.execute(delete(Phone).where(*unconfirmed))
    old = db.session.execute(delete(RefusedAddress).where(RefusedAddress.at < moment - REFUSED_KEPT))
    return cast("CursorResult[Any]", gone).rowcount + cast("CursorResult[Any]", old).rowcount


holds(
    Holding(
        name="platform.reach",
        title=_l("Telephone and browsers"),
        purpose=_l("To reach people the way they chose, and to write nowhere in vain."),
        basis=Basis.CONSENT,
        kept=_l(
            "Until they are removed; an address that takes no mail for a year, a number without its code two days."
        ),
        collect=_collect,
        erase=_erase,
        retain=_retain,
        tables=("phone", "push_subscription", "refused_address"),
    )
)
