"""Passkeys (WebAuthn): a key in a phone, a computer or a stick that signs in without anything to type.

One belongs to the host on which it was made and works on no other, so that it cannot be used on a page that only looks
like the city's. It is two factors at once: the thing, and the finger or the PIN that opens it.
"""

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Any
from uuid import UUID

import webauthn
from flask import current_app, session
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from app.accounts.models import Account, AccountPasskey
from app.accounts.telling import Change, record
from app.core import redis
from app.core.clock import now
from app.core.context import current_city
from app.core.db import db
from app.core.errors import Conflict, Invalid, NotFound
from app.core.i18n import gettext as _
from app.core.ids import new_id

MOST, NAME_LENGTH, LONGEST = 20, 60, 20_000
SECONDS = 5 * 60
_ASKED = "passkey"
# What a crooked answer makes of the library besides its own errors.
_CROOKED = (WebAuthnException, ValueError, KeyError, TypeError, AttributeError)


def of(account_id: UUID) -> Sequence[AccountPasskey]:
    """Return a person's passkeys, those of other hosts as well, the oldest first."""
    found = select(AccountPasskey).where(AccountPasskey.account_id == account_id)
    return db.session.scalars(found.order_by(AccountPasskey.id).limit(MOST)).all()


def has_one(account_id: UUID) -> bool:
    """Tell whether a person has a passkey that works on the city's present host."""
    found = select(AccountPasskey.id).where(
        AccountPasskey.account_id == account_id, AccountPasskey.host == current_city().host
    )
    return db.session.scalar(found.limit(1)) is not None


def ask_to_make(account: Account) -> str:
    """Return, as JSON, what the browser needs to make a passkey; what was asked stays in the cookie."""
    have = of(account.id)
    if len(have) >= MOST:
        raise Conflict(_("You have %(number)s passkeys. Remove one first.", number=len(have)))
    options = webauthn.generate_registration_options(
        rp_id=current_city().host,
        rp_name=current_city().name,
        user_id=account.id.bytes,
        user_name=account.email,
        user_display_name=account.name or account.email,
        timeout=SECONDS * 1000,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=each.credential_id) for each in have],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
    )
    _remember(options.challenge, "make")
    return webauthn.options_to_json(options)


def make(account: Account, answer: str, name: str) -> AccountPasskey:
    """Keep the passkey that the browser has made; raises Invalid when the answer does not fit what was asked."""
    challenge = _asked("make")
    try:
        made = webauthn.verify_registration_response(
            credential=_read(answer),
            expected_challenge=challenge,
            expected_rp_id=current_city().host,
            expected_origin=_origin(),
            require_user_verification=True,
        )
    except _CROOKED as error:
        raise _refused() from error
    passkey = AccountPasskey(
        id=new_id(),
        account_id=account.id,
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        host=current_city().host,
        name=_named(name),
        created_at=now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(passkey)
    except IntegrityError as error:
        raise Conflict(_("This passkey is there already.")) from error
    record(account, Change.PASSKEY_ADDED, what=passkey.name)
    return passkey


def ask_to_use(account: Account | None = None) -> str:
    """Return, as JSON, what the browser needs to use a passkey: any that it has, or one of a person's."""
    have = [each for each in of(account.id) if each.host == current_city().host] if account else []
    options = webauthn.generate_authentication_options(
        rp_id=current_city().host,
        timeout=SECONDS * 1000,
        allow_credentials=[PublicKeyCredentialDescriptor(id=each.credential_id) for each in have],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    _remember(options.challenge, "use")
    return webauthn.options_to_json(options)


def use(answer: str, *, account: Account | None = None) -> AccountPasskey:
    """Return the passkey that was used; raises Invalid for an answer that does not fit, or another person's passkey."""
    challenge = _asked("use")
    try:
        given = _read(answer)
        passkey = _known(base64url_to_bytes(str(given["rawId"])))
        fits = webauthn.verify_authentication_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=passkey.host,
            expected_origin=_origin(),
            credential_public_key=passkey.public_key,
            # Looked at below: a copy must be told to its owner, not only refused.
            credential_current_sign_count=0,
            require_user_verification=True,
        )
        handle = given["response"].get("userHandle")
    except _CROOKED as error:
        raise _refused() from error
    hers = account is None or account.id == passkey.account_id
    if not hers or (handle and base64url_to_bytes(str(handle)) != passkey.account_id.bytes):
        raise _refused()
    if passkey.sign_count and fits.new_sign_count <= passkey.sign_count:
        record(passkey.account, Change.PASSKEY_COPIED, what=passkey.name)
        raise Copied(
            _("This passkey seems to have been copied and is refused. Sign in another way and remove it.")
        )
    passkey.sign_count, passkey.used_at = fits.new_sign_count, now()
    return passkey


class Copied(Invalid):
    """A passkey counts backwards: somebody has a copy. What was written about it must be kept."""


def rename(account: Account, ident: UUID, name: str) -> AccountPasskey:
    """Give one of a person's passkeys another name."""
    passkey = own(account, ident)
    passkey.name = _named(name)
    return passkey


def remove(account: Account, ident: UUID) -> AccountPasskey:
    """Take a passkey from a person; her device may go on showing it until she deletes it there."""
    passkey = own(account, ident)
    db.session.delete(passkey)
    record(account, Change.PASSKEY_REMOVED, what=passkey.name)
    return passkey


def own(account: Account, ident: UUID) -> AccountPasskey:
    """Return one of a person's passkeys; raises NotFound for another's."""
    passkey = db.session.get(AccountPasskey, ident)
    if passkey is None or passkey.account_id != account.id:
        raise NotFound(_("There is no such passkey."))
    return passkey


def number_elsewhere(host: str) -> int:
    """Return how many passkeys of the city would not work on a host."""
    return db.session.scalar(select(func.count(AccountPasskey.id)).where(AccountPasskey.host != host)) or 0


def _known(credential_id: bytes) -> AccountPasskey:
    found = select(AccountPasskey).where(
        AccountPasskey.credential_id == credential_id, AccountPasskey.host == current_city().host
    )
    passkey = db.session.scalar(found.with_for_update(of=AccountPasskey))
    if passkey is None or passkey.account.confirmed_at is None:
        raise KeyError("nobody's passkey")
    return passkey


def _read(answer: str) -> dict[str, Any]:
    read = json.loads(answer) if len(answer) <= LONGEST else None
    if not isinstance(read, dict):
        raise TypeError("no answer of a browser")
    return read


def _origin() -> str:
    return str(current_app.config["PARVIS"].url(current_city().host, ""))


def _named(name: str) -> str:
    plain = " ".join("".join(c for c in name if c.isprintable()).split())[:NAME_LENGTH]
    return plain or _("Passkey")


def _remember(challenge: bytes, purpose: str) -> None:
    session[_ASKED] = [purpose, bytes_to_base64url(challenge), int(now().timestamp())]


def _asked(purpose: str) -> bytes:
    """Return the challenge that this browser was given for a purpose; each is taken once."""
    asked = session.pop(_ASKED, None)
    if (
        asked is None
        or asked[0] != purpose
        or asked[2] + SECONDS < now().timestamp()
        or not _is_new(asked[1])
    ):
        raise Invalid(_("This took too long. Try again."))
    return base64url_to_bytes(asked[1])


def _is_new(challenge: str) -> bool:
    """Tell whether nobody has answered this challenge: an old cookie would bring it back."""
    used = redis.key(f"challenge:{current_city().id}:{sha256(challenge.encode()).hexdigest()[:32]}")
    try:
        return bool(redis.client().set(used, 1, nx=True, ex=2 * SECONDS))
    except redis.RedisError:
        return True


def _refused() -> Invalid:
    return Invalid(_("The passkey was not accepted. Try again, or use another way."))
