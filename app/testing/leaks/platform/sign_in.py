"""Passkeys, other services and what sessions are called; in both cities."""

import time
from collections.abc import Iterable
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select

from app.accounts import policy, sessions
from app.accounts.models import Account, AccountIdentity, AccountPasskey, Role
from app.accounts.oidc import service
from app.accounts.policy import Policy, Provider
from app.accounts.services import create_confirmed
from app.core.clock import now
from app.core.context import current_city
from app.core.db import db
from app.core.ids import new_id
from app.testing.leaks.filling import Twin
from app.testing.leaks.platform.owner import filling

SERVICE = "service1"
DOORS = "https://login.example.org"
# Nobody waits a minute between two forms of the suite.
LATEST = 10**9


@filling.content
def keys(twin: Twin) -> None:
    """Give the administrator two passkeys and an identity of another service."""
    person = create_confirmed(
        twin.email("administrator"),
        twin.text("administrator"),
        role=Role.ADMINISTRATOR,
        language=twin.language,
    )
    db.session.flush()
    for number in (1, 2):
        made = sha256(f"{twin.slug} {twin.alone} {number}".encode()).digest()
        key = AccountPasskey(
            id=new_id(), account_id=person.id, credential_id=made, public_key=made, sign_count=0,
            host=current_city().host, name=twin.text(f"key {number}"), created_at=now(),
        )  # fmt: skip
        db.session.add(key)
    for number in (1, 2):
        known = AccountIdentity(
            id=new_id(), account_id=person.id, issuer=DOORS, subject=twin.text(f"{twin.alone} {number}"),
            email=twin.email("elsewhere"), created_at=now(), used_at=now(),
        )  # fmt: skip
        db.session.add(known)


@filling.content
def services(twin: Twin) -> None:
    """Set up a service under the same id in both cities; nobody answers there, so what it says is known already."""
    provider = Provider(SERVICE, twin.text("service"), DOORS, twin.text("client"))
    policy.keep(Policy(providers=(provider,)))
    said = service.Service(DOORS, f"{DOORS}/authorize", f"{DOORS}/token", f"{DOORS}/keys")
    service._kept[current_city().id, DOORS] = time.monotonic() + LATEST, said


@filling.values("provider_id")
def provider_ids(_twin: Twin) -> Iterable[str]:
    """Return the services that the city offers."""
    return [each.id for each in policy.policy().providers]


@filling.values("passkey_id")
def passkey_ids(_twin: Twin) -> Iterable[UUID]:
    """Return the passkeys of people."""
    return db.session.scalars(select(AccountPasskey.id).order_by(AccountPasskey.id)).all()


@filling.values("identity_id")
def identity_ids(_twin: Twin) -> Iterable[UUID]:
    """Return the identities of people at other services."""
    return db.session.scalars(select(AccountIdentity.id).order_by(AccountIdentity.id)).all()


@filling.values("name", of="portal_security.end_session")
def session_names(_twin: Twin) -> Iterable[str]:
    """Return the names of sessions that are open."""
    people = db.session.scalars(select(Account.id).order_by(Account.id)).all()
    return [each.name for person in people for each in sessions.open_sessions(person)]


filling.answers("console.reset_factors", email=lambda twin: twin.email("administrator"))
filling.answers("portal_security.email", email="somewhere.else@example.org")
filling.answers(
    "console.sign_in",
    password="y", link="y", passkey="y", staff_factor_from="",
    resident_days="30", resident_idle_days="30", staff_hours="12", staff_idle_minutes="120",
)  # fmt: skip
for _endpoint in ("add_sign_in_service", "sign_in_service"):
    filling.review(f"never POST console.{_endpoint}", "asks the service first; tests/sign_in has one")
filling.review("no text account_identity.issuer", "the address of a service")
filling.review("no text account_passkey.host", "an address of the city")
for _subject in (
    "POST portal_security.add_passkey",
    "POST portal_sign_in.with_passkey",
    "POST portal_security.authenticator",
    "POST portal_security.recovery_codes",
):
    filling.review(f"never {_subject}", "needs what an authenticator says; tests/sign_in has one")
filling.review("never GET portal_sign_in.service_back", "needs what a service says; tests/sign_in has one")
for _column in ("account.totp_secret", "account.recovery_hashes", "account_session.*"):
    filling.review(f"no text {_column}", "a sealed secret, a hash, or a word that the code gives")
