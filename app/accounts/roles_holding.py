"""Roles of staff, as the data protection page tells of them; whoever is the last administrator cannot leave."""

from collections.abc import Iterable
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete

from app.accounts.models import Account
from app.accounts.roles_models import StaffGrant
from app.accounts.staffing import given_to, in_words, keep_an_administrator
from app.core.db import db
from app.core.people import Basis, Holding, Record, holds


def collect(account_id: UUID) -> Iterable[Record]:
    """Return each role that somebody holds, and where."""
    account = db.session.get(Account, account_id)
    for given in given_to(account) if account is not None else ():
        yield {
            "role": in_words([given]),
            "modules": ", ".join(given.modules),
            "districts": ", ".join(given.districts),
            "last_day": given.ends_on,
        }


def erase(account_id: UUID) -> None:
    """Take all roles away; raises Conflict for the last administrator."""
    keep_an_administrator(account_id)
    db.session.execute(delete(StaffGrant).where(StaffGrant.account_id == account_id))


HOLDING = holds(
    Holding(
        name="platform.roles",
        title=_l("Roles of staff"),
        purpose=_l("So that only those who work on something see and change it."),
        basis=Basis.PUBLIC_TASK,
        kept=_l("As long as somebody works for the city; the audit log keeps who gave which role."),
        collect=collect,
        erase=erase,
        tables=("staff_grant",),
    )
)
