"""Whom an identity of another service belongs to: linked by issuer and subject, never silently by an address."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from flask import session
from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError

from app.accounts.models import Account, AccountIdentity, AccountPasskey, Role
from app.accounts.oidc.flow import Person
from app.accounts.policy import Audience, Provider
from app.accounts.services import NAME_LENGTH, find, new_account
from app.accounts.telling import Change, record
from app.core.clock import now
from app.core.context import current_city
from app.core.db import db
from app.core.errors import Conflict, Forbidden, NotFound
from app.core.i18n import gettext as _
from app.core.ids import new_id
from tenants import quotas

WAITS_SECONDS = 15 * 60
MOST_LISTED = 20
_WAITS = "service_to_link"


class Found(StrEnum):
    """What is known of somebody who comes from a service."""

    KNOWN = "known"
    TO_LINK = "to_link"
    """There is an account with her address that she has to open once herself."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who came; the account is None while it has to be linked first."""

    found: Found
    account: Account | None = None


def of(account_id: UUID) -> Sequence[AccountIdentity]:
    """Return the services that know a person, the oldest first."""
    found = select(AccountIdentity).where(AccountIdentity.account_id == account_id)
    return db.session.scalars(found.order_by(AccountIdentity.id).limit(MOST_LISTED)).all()


def arrive(person: Person, provider: Provider) -> Arrival:
    """Find whom a service has sent, or open an account; raises Forbidden for who may not come this way."""
    identity = _identity(person)
    if identity is not None:
        _check_audience(identity.account, provider)
        identity.used_at = now()
        return Arrival(Found.KNOWN, identity.account)
    if not provider.takes(person.email):
        raise Forbidden(
            _("Addresses like yours do not sign in with %(service)s here.", service=provider.title)
        )
    account = find(person.email)
    if account is None:
        return Arrival(Found.KNOWN, _opened(person, provider))
    if _is_guarded(account):
        _wait(person, provider)
        return Arrival(Found.TO_LINK)
    _check_audience(account, provider)
    account.confirmed_at = account.confirmed_at or now()
    link(account, person, provider)
    return Arrival(Found.KNOWN, account)


def link(account: Account, person: Person, provider: Provider) -> None:
    """Let a service sign this person in from now on; raises Conflict for an identity of somebody else."""
    _check_audience(account, provider)
    known = _identity(person)
    if known is not None:
        if known.account_id == account.id:
            return
        raise Conflict(_("Somebody else's account is linked to this sign-in already."))
    identity = AccountIdentity(
        id=new_id(),
        account_id=account.id,
        issuer=person.issuer,
        subject=person.subject,
        email=person.email,
        created_at=now(),
        used_at=now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(identity)
    except IntegrityError as error:
        raise Conflict(_("Somebody else's account is linked to this sign-in already.")) from error
    record(account, Change.IDENTITY_LINKED, what=provider.title)


def unlink(account: Account, ident: UUID, *, title: str) -> None:
    """Let a service sign this person in no more."""
    identity = db.session.get(AccountIdentity, ident)
    if identity is None or identity.account_id != account.id:
        raise NotFound(_("There is no such link."))
    db.session.delete(identity)
    record(account, Change.IDENTITY_UNLINKED, what=title)


def waiting() -> tuple[str, Person] | None:
    """Return the service and the person that wait in this browser until she has signed in another way."""
    kept = session.get(_WAITS)
    if kept is None or kept[4] + WAITS_SECONDS < now().timestamp():
        session.pop(_WAITS, None)
        return None
    provider_id, issuer, subject, email, _at = kept
    return provider_id, Person(issuer, subject, email, "", "")


def stop_waiting() -> None:
    """Forget who waits."""
    session.pop(_WAITS, None)


def _wait(person: Person, provider: Provider) -> None:
    session[_WAITS] = [provider.id, person.issuer, person.subject, person.email, int(now().timestamp())]


def _identity(person: Person) -> AccountIdentity | None:
    found = select(AccountIdentity).where(
        AccountIdentity.issuer == person.issuer, AccountIdentity.subject == person.subject
    )
    return db.session.scalar(found)


def _is_guarded(account: Account) -> bool:
    """Tell whether the account is worth more than its mailbox: its owner must open it once herself."""
    if account.password_hash or account.is_staff or account.has_authenticator:
        return True
    has = db.session.scalar(
        select(
            exists().where(AccountPasskey.account_id == account.id)
            | exists().where(AccountIdentity.account_id == account.id)
        )
    )
    return bool(has)


def _opened(person: Person, provider: Provider) -> Account:
    if provider.audience is Audience.STAFF:
        raise Forbidden(
            _("%(service)s signs in staff only. Ask an administrator to invite you.", service=provider.title)
        )
    if not provider.opens_accounts or not current_city().published:
        raise Forbidden(
            _("There is no account with the address of your sign-in. Open one first, then link it.")
        )
    if not quotas.has_room_for_accounts():
        raise Forbidden(_("No more accounts can be opened here at the moment."))
    name = person.name.strip()[:NAME_LENGTH] or person.email.partition("@")[0]
    account = new_account(person.email, name, role=Role.RESIDENT)
    account.confirmed_at = now()
    link(account, person, provider)
    return account


def _check_audience(account: Account, provider: Provider) -> None:
    if provider.is_for(account):
        return
    if provider.audience is Audience.STAFF:
        raise Forbidden(_("%(service)s is for the people who work for the city.", service=provider.title))
    raise Forbidden(_("%(service)s is for residents. Sign in another way.", service=provider.title))
