"""Children, helpers and guardians, as the data protection page tells of them."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, or_, select

from app.accounts.households.models import ActingRight
from app.accounts.households.services import forget_lonely, forget_unneeded
from app.accounts.households.wording import area_names, part_name, standing_name
from app.core.db import db
from app.core.people import Basis, Holding, Record, holds


def collect(account_id: UUID) -> Iterable[Record]:
    """Return for whom a person acts and who acts for her."""
    for one in _around(account_id):
        acts = one.helper_id == account_id
        child = one.dependant if acts else None
        yield {
            "part": part_name(one.part),
            "acts_for": one.name if acts else "",
            "is_helped_by": "" if acts or one.helper is None else one.helper.name,
            "birth_date": child.born if child else None,
            "school": child.school if child else "",
            "for": ", ".join(area_names(one.right.areas)),
            "state": standing_name(one),
            "since": one.accepted_at,
            "last_day": one.ends_on,
        }


def erase(account_id: UUID) -> None:
    """Delete the rights, and the children for whom nobody else acts."""
    mine = or_(
        ActingRight.helper_id == account_id,
        ActingRight.person_id == account_id,
        (ActingRight.invited_by == account_id) & ActingRight.accepted_at.is_(None),
    )
    db.session.execute(delete(ActingRight).where(mine))
    forget_lonely()


def retain(_moment: datetime) -> int:
    """Forget invitations nobody accepted, rights that ended long ago, and people for whom nobody acts."""
    return forget_unneeded()


def _around(account_id: UUID) -> Iterable[ActingRight]:
    found = select(ActingRight).where(
        or_(ActingRight.helper_id == account_id, ActingRight.person_id == account_id)
    )
    return db.session.scalars(found.order_by(ActingRight.invited_at)).all()


holds(
    Holding(
        name="platform.household",
        title=_l("Children and helpers"),
        purpose=_l("So that parents can enrol their children, and helpers can do things for whom they help."),
        basis=Basis.PUBLIC_TASK,
        kept=_l("A year after it ended; invitations two weeks; children as long as somebody acts for them."),
        collect=collect,
        erase=erase,
        retain=retain,
        tables=("acting_right", "dependant"),
    )
)
