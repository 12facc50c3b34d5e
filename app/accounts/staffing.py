"""Who works for the city, with which roles: invite, change, remove; somebody always stays administrator."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, delete, false, func, or_, select

from app.accounts.models import Account, AccountLink, AccountSession, Purpose, Role
from app.accounts.permissions import owner_title
from app.accounts.roles import forget_held, grants_of
from app.accounts.roles_models import StaffGrant, StaffRole
from app.accounts.services import clean_email, find, mail_link, new_account
from app.accounts.sessions import end_all
from app.core.audit import audit
from app.core.clock import now, today
from app.core.context import current_city
from app.core.db import db
from app.core.districts import districts
from app.core.errors import Conflict, Invalid, NotFound
from app.core.i18n import gettext as _
from app.core.text import pick
from app.registry import modules

MOST_ROLES = 12


@dataclass(frozen=True, slots=True)
class Given:
    """A role as it is given to somebody: a built-in one or one of the city's own, where, and until when."""

    preset: Role | None = None
    role_id: UUID | None = None
    modules: tuple[str, ...] = ()
    """Empty for all; so are `districts`."""
    districts: tuple[str, ...] = ()
    ends_on: date | None = None

    @property
    def is_plain(self) -> bool:
        """Tell whether it is a built-in role everywhere and for good, which the account itself says."""
        return self.preset is not None and not (self.modules or self.districts or self.ends_on)


def staff(limit: int = 200) -> list[Account]:
    """Return the people who work for the city, by name."""
    found = select(Account).where(Account.is_staff).order_by(func.lower(Account.name), Account.id)
    return list(db.session.scalars(found.limit(limit)))


def found_staff(words: str = "", role: str = "") -> Select[Account]:
    """Return the query for people who work for the city, by name: who is called like this, who has this role."""
    found = select(Account).where(Account.is_staff).order_by(func.lower(Account.name), Account.id)
    if words:
        text = words.strip().lower()
        called = (func.lower(Account.name), Account.email)
        found = found.where(or_(*(column.contains(text, autoescape=True) for column in called)))
    if not role:
        return found
    has_it = select(StaffGrant.account_id).where(
        StaffGrant.preset == Role(role) if role in set(Role) else StaffGrant.role_id == _id(role)
    )
    plain = Account.role == Role(role) if role in set(Role) else false()
    return found.where(or_(plain, Account.id.in_(has_it)))


def last_seen(people: Iterable[UUID]) -> Mapping[UUID, datetime]:
    """Return when a browser of each of some people was last heard of, as far as it is still signed in."""
    found = (
        select(AccountSession.account_id, func.max(AccountSession.seen_at))
        .where(AccountSession.account_id.in_(list(people)))
        .group_by(AccountSession.account_id)
    )
    return {row[0]: row[1] for row in db.session.execute(found)}


def invited_until(people: Iterable[UUID]) -> Mapping[UUID, datetime]:
    """Return until when the newest invitation of each works; nothing for those who have none any more."""
    found = (
        select(AccountLink.account_id, func.max(AccountLink.expires_at))
        .where(AccountLink.account_id.in_(list(people)), AccountLink.purpose == Purpose.INVITE)
        .group_by(AccountLink.account_id)
    )
    return {row[0]: row[1] for row in db.session.execute(found)}


def given_to(account: Account) -> list[Given]:
    """Return the roles of one person, the one that holds everywhere first."""
    plain = [] if account.role is Role.RESIDENT else [Given(account.role)]
    return plain + [as_given(grant) for grant in grants_of([account.id]).get(account.id, [])]


def as_given(grant: StaffGrant) -> Given:
    """Return what a row of the database says."""
    return Given(
        grant.preset,
        grant.role_id,
        tuple(grant.modules or ()),
        tuple(grant.districts or ()),
        grant.ends_on,
    )


def invite(email: str, role: Role | Given) -> Account:
    """Make a person staff and mail her a link; raises Conflict for somebody who already is."""
    address, given = clean_email(email), _given(role)
    account = find(address)
    if account is not None and account.is_staff and account.confirmed_at:
        raise Conflict(_("%(email)s already works here.", email=address))
    account = account or new_account(address, address.partition("@")[0])
    # A resident's browsers stay signed in for longer than staff may be.
    end_all(account.id)
    _keep(account, [given])
    audit("accounts.invited", subject=f"account:{account.id}", role=in_words([given]))
    mail_link(account, Purpose.INVITE)
    return account


def change_role(account_id: UUID, role: Role | Given) -> Account:
    """Give a person one role in place of all she has and end her sessions; see `set_roles`."""
    given = _given(role)
    return set_roles(account_id, [] if given.preset is Role.RESIDENT else [given])


def set_roles(account_id: UUID, wanted: Sequence[Given]) -> Account:
    """Give a person these roles in place of those she has and end her sessions.

    With none she stays as a resident. Raises Conflict when nobody would be administrator any more.
    """
    if len(wanted) > MOST_ROLES:
        raise Invalid(_("Somebody can have %(number)s roles at most.", number=MOST_ROLES))
    return _change(account_id, wanted, "accounts.role_changed")


def withdraw_invitation(account_id: UUID) -> Account:
    """Take back the invitation of somebody who has not come in yet: its links end, her roles go."""
    account = _locked(account_id)
    if not account.is_staff or account.confirmed_at:
        raise NotFound(_("Nobody like that is invited."))
    return _change(account_id, [], "accounts.invitation_withdrawn")


def _change(account_id: UUID, wanted: Sequence[Given], action: str) -> Account:
    administrators = _locked_administrators()
    account = _locked(account_id)
    if Role.ADMINISTRATOR not in [given.preset for given in wanted if given.is_plain]:
        _refuse_without(administrators, account_id)
    before = in_words(given_to(account))
    _keep(account, wanted)
    after = in_words(given_to(account))
    audit(action, subject=f"account:{account.id}", before=before, after=after)
    end_all(account.id)
    if not account.is_staff:
        invitations = AccountLink.account_id == account.id, AccountLink.purpose == Purpose.INVITE
        db.session.execute(delete(AccountLink).where(*invitations))
    return account


def end_roles() -> int:
    """Take away roles whose last day has passed; returns how many people have fewer now."""
    over = select(StaffGrant.account_id).where(StaffGrant.ends_on < today())
    people = db.session.scalars(select(Account).where(Account.id.in_(over)).with_for_update()).all()
    for account in people:
        held = given_to(account)
        left = [given for given in held if given.ends_on is None or given.ends_on >= today()]
        _keep(account, left, checked=True)
        before, after = in_words(held), in_words(left)
        audit("accounts.roles_ended", subject=f"account:{account.id}", before=before, after=after)
    return len(people)


def keep_an_administrator(account_id: UUID) -> None:
    """Raise Conflict if the city were without administrator once this person is gone; holds until the transaction ends."""
    _refuse_without(_locked_administrators(), account_id)


def in_words(given: Sequence[Given]) -> str:
    """Return roles as the audit log keeps them; `resident` for none."""
    if not given:
        return Role.RESIDENT.value
    names = _names([one.role_id for one in given if one.role_id])
    return "; ".join(_in_words(one, names) for one in given)


def _in_words(given: Given, names: Mapping[UUID, str]) -> str:
    name = given.preset.value if given.preset else names.get(given.role_id or UUID(int=0), "?")
    parts = [name, ", ".join(given.modules), ", ".join(given.districts)]
    if given.ends_on:
        parts.append(f"until {given.ends_on.isoformat()}")
    return " · ".join(part for part in parts if part)


def _names(ids: Sequence[UUID]) -> Mapping[UUID, str]:
    if not ids:
        return {}
    found = db.session.execute(select(StaffRole.id, StaffRole.name).where(StaffRole.id.in_(ids)))
    return {row.id: pick(row.name, current_city().languages).text for row in found}


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def _given(role: Role | Given) -> Given:
    return Given(role) if isinstance(role, Role) else role


def _keep(account: Account, wanted: Sequence[Given], *, checked: bool = False) -> None:
    """Write roles down: the account takes the mightiest that holds everywhere, the others get a row each."""
    for given in () if checked else wanted:
        _check(given)
    plain = [given.preset for given in wanted if given.is_plain and given.preset]
    account.role = max(plain, key=list(Role).index, default=Role.RESIDENT)
    db.session.execute(delete(StaffGrant).where(StaffGrant.account_id == account.id))
    others = [given for given in dict.fromkeys(wanted) if not given.is_plain]
    for given in others:
        db.session.add(
            StaffGrant(
                account_id=account.id,
                preset=given.preset,
                role_id=given.role_id,
                modules=list(given.modules) or None,
                districts=list(given.districts) or None,
                ends_on=given.ends_on,
                created_at=now(),
            )
        )
    account.granted = bool(others)
    db.session.flush()
    forget_held()


def _check(given: Given) -> None:
    if (given.preset is None) == (given.role_id is None) or given.preset is Role.RESIDENT:
        raise Invalid(_("Choose a role."))
    if given.role_id is not None and db.session.get(StaffRole, given.role_id) is None:
        raise Invalid(_("This role is no longer there. Choose another one."))
    for name in given.modules:
        if name not in modules():
            raise Invalid(_("%(name)s is no longer there. Choose again.", name=owner_title(name)))
    if given.districts and not set(given.districts) <= {one.code for one in districts()}:
        raise Invalid(_("One of the districts is no longer there. Choose again."))
    if given.ends_on is not None and given.ends_on < today():
        raise Invalid(_("The last day is in the past."))


def _locked(account_id: UUID) -> Account:
    account = db.session.get(Account, account_id, with_for_update={"of": Account}, populate_existing=True)
    if account is None:
        raise NotFound(_("There is no such person."))
    return account


def _refuse_without(administrators: set[UUID], account_id: UUID) -> None:
    if account_id in administrators and not administrators - {account_id}:
        raise Conflict(_("A city needs at least one administrator. Make somebody else administrator first."))


def _locked_administrators() -> set[UUID]:
    """Return who is administrator and has come in, locked in one order, so that two cannot remove each other."""
    found = select(Account.id).where(Account.role == Role.ADMINISTRATOR, Account.confirmed_at.is_not(None))
    return set(db.session.scalars(found.order_by(Account.id).with_for_update()))
