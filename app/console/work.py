"""What waits for administrators: people who were invited and whose link has run out."""

from collections.abc import Iterator
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, exists, func, select

from app.accounts.models import Account, AccountLink, Purpose
from app.core.clock import now
from app.core.db import db
from app.core.i18n import gettext as _
from app.web.work import WorkCount, WorkItem, work_queue


def _lapsed() -> Select[Account]:
    works = exists().where(
        AccountLink.account_id == Account.id,
        AccountLink.purpose.in_([Purpose.INVITE, Purpose.ARRIVE]),
        AccountLink.expires_at > now(),
    )
    return select(Account).where(Account.is_staff, Account.confirmed_at.is_(None), ~works)


def count_invitations(_account_id: UUID | None) -> WorkCount:
    """Return how many invitations have run out."""
    return WorkCount(unassigned=db.session.scalar(_lapsed().with_only_columns(func.count())) or 0)


@work_queue("invitations", _l("Invitations"), permission="console.staff", count=count_invitations)
def lapsed_invitations(_account_id: UUID | None, most: int) -> Iterator[WorkItem]:
    """Yield the people who have not come in and can no longer, the first one invited first."""
    for person in db.session.scalars(_lapsed().order_by(Account.created_at, Account.id).limit(most)):
        yield WorkItem(
            subject=str(person.id),
            title=_("Invite %(email)s again", email=person.email),
            url="/admin/staff/",
            status="waiting",
            since=person.created_at,
            note=_("The link of the invitation has run out."),
        )
