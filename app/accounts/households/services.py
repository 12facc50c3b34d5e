"""Children, helpers and guardians: adding, inviting, agreeing, confirming, ending."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from flask import url_for
from sqlalchemy import delete, exists, func, or_, select

from app.accounts.attributes.rules import age_on
from app.accounts.households.models import ActingRight, Dependant
from app.accounts.households.rules import ADULT, Area, Part, Standing, areas_of, standing
from app.accounts.models import Account
from app.accounts.services import clean_email
from app.core.audit import audit
from app.core.clock import now, today
from app.core.context import current_actor
from app.core.db import db
from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.core.i18n import gettext as _
from app.core.i18n import language
from app.core.ids import new_id, new_secret, secret_hash
from app.notify.mail import send_mail

MOST_PEOPLE = 30
INVITATION_LASTS = timedelta(days=14)
NAME_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Household:
    """What a person's page shows: for whom she acts, who acts for her, and who else looks after the same children."""

    acts_for: Sequence[ActingRight]
    helped_by: Sequence[ActingRight]
    others: Sequence[ActingRight]


def household(account: Account) -> Household:
    """Return who acts for whom around a person, without what has ended."""
    mine = select(ActingRight).where(
        or_(ActingRight.helper_id == account.id, ActingRight.person_id == account.id)
    )
    found = [one for one in db.session.scalars(mine.order_by(ActingRight.invited_at)) if _is_shown(one)]
    acts_for = [one for one in found if one.helper_id == account.id]
    children = [one.dependant_id for one in acts_for if one.dependant_id]
    around = select(ActingRight).where(
        ActingRight.dependant_id.in_(children),
        or_(ActingRight.helper_id.is_(None), ActingRight.helper_id != account.id),
    )
    others = [one for one in db.session.scalars(around.order_by(ActingRight.invited_at)) if _is_shown(one)]
    return Household(acts_for, [one for one in found if one.person_id == account.id], others)


def add_child(guardian: Account, *, name: str, born: date, school: str = "") -> ActingRight:
    """Enter a child whose guardian the person says she is; raises Invalid for somebody who is grown up."""
    if born > today():
        raise Invalid(_("Enter a birth date that has been."))
    if age_on(born, today()) >= ADULT:
        raise Invalid(_("At 18 or older, people have an account of their own. Ask to be a helper instead."))
    child = _new_dependant(guardian, name, is_child=True)
    child.born, child.school = born, school.strip()[:160]
    made = _new_right(child, Part.GUARDIAN, Area, helper=guardian)
    audit("people.child_added", subject=f"account:{guardian.id}")
    return made


def change_child(guardian: Account, right_id: UUID, *, name: str, school: str) -> None:
    """Correct the name or the school; the birth date stays, as the end of guardianship follows from it."""
    child = _open(guardian, right_id, Part.GUARDIAN).dependant
    if child is None:
        raise NotFound(_("There is no such child."))
    child.name, child.school = _name(name), school.strip()[:160]


def add_person(helper: Account, *, name: str, areas: Iterable[Area], ends_on: date | None) -> ActingRight:
    """Enter a grown-up without an account; opens when staff have seen the paper that the person signed."""
    person = _new_dependant(helper, name, is_child=False)
    made = _new_right(person, Part.HELPER, _some(areas), helper=helper)
    made.needs_paper, made.ends_on = True, _future(ends_on)
    audit("people.person_added", subject=f"account:{helper.id}")
    return made


def invite_guardian(guardian: Account, right_id: UUID, email: str) -> ActingRight:
    """Invite another guardian of the same child by mail."""
    own = _open(guardian, right_id, Part.GUARDIAN)
    made = _new_right(own.dependant, Part.GUARDIAN, Area)
    _invite(made, guardian, email)
    return made


def invite_helper(person: Account, email: str, *, areas: Iterable[Area], ends_on: date | None) -> ActingRight:
    """Invite somebody by mail to act for the person herself."""
    made = ActingRight(
        id=new_id(),
        person_id=person.id,
        part=Part.HELPER,
        areas=sorted(areas_of(Part.HELPER, _some(areas))),
        ends_on=_future(ends_on),
        invited_at=now(),
    )
    _invite(made, person, email)
    db.session.add(made)
    db.session.flush()
    return made


def invitation(secret: str) -> ActingRight:
    """Return an invitation that is still open; raises NotFound."""
    found = db.session.scalar(
        select(ActingRight)
        .where(ActingRight.secret_hash == secret_hash(secret))
        .with_for_update(of=ActingRight)
    )
    over = found is None or found.invited_at + INVITATION_LASTS < now()
    if found is None or over or _standing(found) is not Standing.INVITED:
        raise NotFound(_("This invitation no longer works. Ask for a new one."))
    return found


def accept(account: Account, secret: str) -> ActingRight:
    """Begin to act for somebody; raises Conflict for whoever would act for herself or does so already."""
    found = invitation(secret)
    if found.person_id == account.id or found.invited_by == account.id:
        raise Conflict(
            _("You have sent this invitation yourself. Open it with the account of whom you invited.")
        )
    if any(_is_same(one, found) for one in household(account).acts_for):
        raise Conflict(_("You act for this person already."))
    found.helper_id, found.accepted_at, found.secret_hash, found.invited_email = account.id, now(), None, ""
    db.session.flush()
    db.session.refresh(found)
    audit("people.acting_began", subject=f"account:{account.id}", part=found.part)
    return found


def decline(secret: str) -> None:
    """Refuse an invitation; nothing of the address is kept."""
    found = invitation(secret)
    found.withdrawn_at, found.secret_hash, found.invited_email = now(), None, ""


def withdraw(account: Account, right_id: UUID) -> ActingRight:
    """End a right at once: one's own, one's helper's, or an invitation that one has sent; raises NotFound.

    No guardian ends another's: parents who live apart settle that with the city.
    """
    found = db.session.get(ActingRight, right_id, with_for_update={"of": ActingRight})
    mine = found is not None and (
        account.id in (found.helper_id, found.person_id)
        or (found.invited_by == account.id and found.accepted_at is None)
    )
    if found is None or not mine:
        raise NotFound(_("Nobody acts for anybody here."))
    _end(found)
    return found


def confirm(right_id: UUID) -> ActingRight:
    """Write down that staff have seen the papers of a guardian or helper."""
    found = _any(right_id)
    if found.withdrawn_at is not None or found.accepted_at is None:
        raise Conflict(_("This is not open any more, or not yet."))
    found.confirmed_at, found.confirmed_by = now(), _actor_id()
    audit("people.acting_confirmed", subject=f"account:{found.helper_id}", part=found.part)
    return found


def end(right_id: UUID) -> ActingRight:
    """End a right for a reason that staff know, as an order of a court."""
    found = _any(right_id)
    _end(found)
    return found


def to_confirm(limit: int = 25) -> Sequence[ActingRight]:
    """Return who waits for staff to see a signed paper, whoever has waited longest first."""
    found = select(ActingRight).where(
        ActingRight.needs_paper, ActingRight.confirmed_at.is_(None), ActingRight.withdrawn_at.is_(None)
    )
    return db.session.scalars(found.order_by(ActingRight.invited_at).limit(limit)).all()


def forget_unneeded() -> int:
    """Delete invitations that nobody accepted, rights that ended a year ago and people for whom nobody acts any more."""
    moment = now()
    stale = ActingRight.accepted_at.is_(None) & (ActingRight.invited_at < moment - INVITATION_LASTS)
    ended = ActingRight.withdrawn_at < moment - timedelta(days=365)
    past = ActingRight.ends_on < today() - timedelta(days=365)
    gone = db.session.execute(delete(ActingRight).where(stale | ended | past).returning(ActingRight.id)).all()
    return len(gone) + forget_lonely()


def forget_lonely() -> int:
    """Delete people without an account for whom nobody has a right any more."""
    alone = ~exists().where(ActingRight.dependant_id == Dependant.id)
    return len(db.session.execute(delete(Dependant).where(alone).returning(Dependant.id)).all())


def _is_shown(one: ActingRight) -> bool:
    if one.accepted_at is None and one.invited_at + INVITATION_LASTS < now():
        return False
    return _standing(one) in (Standing.OPEN, Standing.INVITED, Standing.WAITS_FOR_PAPER)


def _standing(one: ActingRight) -> Standing:
    return standing(one.right, at=now(), today=today())


def _new_dependant(account: Account, name: str, *, is_child: bool) -> Dependant:
    held = select(func.count()).select_from(ActingRight)
    number = db.session.scalar(
        held.where(ActingRight.helper_id == account.id, ActingRight.withdrawn_at.is_(None))
    )
    if (number or 0) >= MOST_PEOPLE:
        raise Conflict(_("One person can act for %(most)s others at most.", most=MOST_PEOPLE))
    made = Dependant(id=new_id(), name=_name(name), is_child=is_child, created_at=now())
    db.session.add(made)
    return made


def _new_right(
    dependant: Dependant | None, part: Part, areas: Iterable[Area], helper: Account | None = None
) -> ActingRight:
    moment = now()
    made = ActingRight(
        id=new_id(),
        dependant=dependant,
        part=part,
        areas=sorted(areas_of(part, areas)),
        helper_id=helper.id if helper else None,
        accepted_at=moment if helper else None,
        invited_at=moment,
    )
    db.session.add(made)
    db.session.flush()
    return made


def _invite(made: ActingRight, by: Account, email: str) -> None:
    address, secret = clean_email(email), new_secret()
    if address == by.email:
        raise Invalid(_("This is your own address."))
    made.invited_by, made.invited_email, made.secret_hash = by.id, address, secret_hash(secret)
    send_mail(
        "acting_invitation",
        address,
        language(),
        name=by.name or by.email,
        of_child=made.part is Part.GUARDIAN,
        link=url_for("portal_household.invited", secret=secret, _external=True),
        days=INVITATION_LASTS.days,
    )
    audit("people.acting_invited", subject=f"account:{by.id}", part=made.part)


def _open(account: Account, right_id: UUID, part: Part) -> ActingRight:
    found = db.session.get(ActingRight, right_id)
    if found is None or found.helper_id != account.id or found.part is not part:
        raise NotFound(_("There is no such child."))
    if _standing(found) is not Standing.OPEN:
        raise Forbidden(_("You do not act for this person any more."))
    return found


def _any(right_id: UUID) -> ActingRight:
    found = db.session.get(ActingRight, right_id, with_for_update={"of": ActingRight})
    if found is None:
        raise NotFound(_("Nobody acts for anybody here."))
    return found


def _end(found: ActingRight) -> None:
    if found.withdrawn_at is None:
        found.withdrawn_at, found.secret_hash, found.invited_email = now(), None, ""
        subject = found.helper_id or found.invited_by
        audit("people.acting_ended", subject=f"account:{subject}", part=found.part)


def _is_same(one: ActingRight, other: ActingRight) -> bool:
    return (one.dependant_id, one.person_id) == (other.dependant_id, other.person_id)


def _some(areas: Iterable[Area]) -> frozenset[Area]:
    chosen = frozenset(areas)
    if not chosen:
        raise Invalid(_("Choose at least one thing."))
    return chosen


def _future(day: date | None) -> date | None:
    if day is not None and day < today():
        raise Invalid(_("Choose a day that is still to come."))
    return day


def _name(text: str) -> str:
    name = " ".join("".join(c for c in text if c.isprintable()).split())[:NAME_LENGTH]
    if not name:
        raise Invalid(_("Enter the name."))
    return name


def _actor_id() -> UUID | None:
    try:
        return UUID(current_actor().id)
    except ValueError:
        return None
