"""By which ways somebody can come in: nobody may take the last one away, from herself or from every administrator."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text

from app.accounts.models import Account, AccountIdentity, AccountPasskey, Role
from app.accounts.policy import Audience, Policy, policy
from app.core.context import current_city
from app.core.db import db
from app.core.errors import Conflict
from app.core.i18n import gettext as _

MOST_ADMINISTRATORS = 500


@dataclass(frozen=True, slots=True)
class Means:
    """What somebody has to come in with, besides her mailbox."""

    passkeys: frozenset[UUID] = frozenset()
    """Those that work on the city's present host."""
    services: frozenset[tuple[str, datetime | None]] = frozenset()
    """Issuers that know her, and when she last came that way."""
    is_staff: bool = False


def can_come_in(means: Means, decided: Policy) -> bool:
    """Tell whether a person with these means has a way in; whoever has none but her mailbox needs password or link.

    A password that was forgotten is chosen anew by mail, so that the mailbox is enough for both.
    """
    if decided.password or decided.link or (decided.passkey and means.passkeys):
        return True
    return any(_opens(means, each.issuer, each.audience) for each in decided.offered)


def _opens(means: Means, issuer: str, audience: Audience) -> bool:
    wanted = Audience.STAFF if means.is_staff else Audience.RESIDENTS
    came = any(known == issuer and used is not None for known, used in means.services)
    return came and audience in (Audience.EVERYBODY, wanted)


def means_of(account: Account) -> Means:
    """Return what a person has to come in with."""
    return _means([account])[account.id]


def administrators_come_in(decided: Policy, *, but: frozenset[str] = frozenset()) -> bool:
    """Tell whether one administrator at least would still have a way in; `but` are ids of services not tried yet."""
    tried = tuple(each for each in decided.providers if each.id not in but)
    people = db.session.scalars(
        select(Account)
        .where(Account.role == Role.ADMINISTRATOR, Account.confirmed_at.is_not(None))
        .order_by(Account.id)
        .limit(MOST_ADMINISTRATORS)
    ).all()
    plan = Policy(decided.password, decided.link, decided.passkey, tried)
    return any(can_come_in(means, plan) for means in _means(people).values())


def _means(people: Sequence[Account]) -> dict[UUID, Means]:
    ids = [person.id for person in people]
    here = current_city().host
    passkeys: dict[UUID, set[UUID]] = {ident: set() for ident in ids}
    services: dict[UUID, set[tuple[str, datetime | None]]] = {ident: set() for ident in ids}
    found = select(AccountPasskey.account_id, AccountPasskey.id).where(
        AccountPasskey.account_id.in_(ids), AccountPasskey.host == here
    )
    for account_id, ident in db.session.execute(found):
        passkeys[account_id].add(ident)
    known = select(AccountIdentity.account_id, AccountIdentity.issuer, AccountIdentity.used_at)
    for account_id, issuer, used_at in db.session.execute(known.where(AccountIdentity.account_id.in_(ids))):
        services[account_id].add((issuer, used_at))
    return {
        person.id: Means(frozenset(passkeys[person.id]), frozenset(services[person.id]), person.is_staff)
        for person in people
    }


def check_stays(means: Means) -> None:
    """Raise Conflict when these means lead nowhere: the last way in stays. Take the turn before they are looked up."""
    if not can_come_in(means, policy()):
        raise Conflict(_("This is your only way to sign in. Set up another one first."))


def one_at_a_time() -> None:
    """Let two people not take each other's last way at the same moment; the lock is the city's own."""
    db.session.execute(text("LOCK TABLE account_identity, account_passkey IN SHARE ROW EXCLUSIVE MODE"))
