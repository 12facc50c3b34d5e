"""Who is in a segment, as a query that a task can ask in parts."""

from uuid import UUID

from sqlalchemy import Select, func, or_, select

from app.accounts.attributes.kinds import DISTRICT
from app.accounts.attributes.models import PersonAttribute
from app.accounts.messages.rules import People, Reach, Segment
from app.accounts.models import Account, Role
from app.core.clock import now
from app.core.db import db
from app.notify import audiences
from app.notify.audiences import Accounts, audience


@audience("platform.segment")
def segment(**values: str) -> Accounts:
    """Select whom a message is for."""
    wanted = Segment.read(values)
    found = select(Account.id).where(Account.confirmed_at.is_not(None))
    if wanted.people is not People.EVERYBODY:
        is_staff = Account.role != Role.RESIDENT
        found = found.where(is_staff if wanted.people is People.STAFF else ~is_staff)
    if wanted.language:
        found = found.where(Account.language == wanted.language)
    if wanted.district:
        found = found.where(Account.id.in_(_living_in(wanted.district)))
    if wanted.reach is not Reach.IMPORTANT:
        hears = audiences.subscribers(topic=wanted.reach.value, district=wanted.district)
        found = found.where(Account.id.in_(audiences.selected(hears)))
    return found


def number(whom: Segment) -> int:
    """Return how many people are in a segment now."""
    found = select(func.count()).select_from(audiences.selected(segment(**whom.words())).subquery())
    return db.session.scalar(found) or 0


def _living_in(district: str) -> Select[UUID]:
    lives = PersonAttribute.attribute == DISTRICT, PersonAttribute.value == district
    good = or_(PersonAttribute.expires_at.is_(None), PersonAttribute.expires_at > now())
    return select(PersonAttribute.account_id).where(*lives, good)
