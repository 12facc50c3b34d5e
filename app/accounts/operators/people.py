"""Who runs the platform: named from the shell, led in by a link that works once, locked out again."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select

from app.accounts.operators import sessions
from app.accounts.services import clean_email
from app.core.clock import now
from app.core.db import db
from app.core.errors import Conflict, Invalid, NotFound
from app.core.i18n import gettext as _
from app.core.ids import new_id, new_secret, secret_hash
from app.core.jobs import enqueue
from tenants.journal import note
from tenants.models import Operator

LINK_LIFETIME = timedelta(hours=24)
MOST = 200


def add(email: str, name: str) -> tuple[Operator, str]:
    """Return a new operator and the secret of the link to come in; raises Conflict for a known address."""
    address = clean_email(email)
    if not name.strip():
        raise Invalid(_("Say what the operator is called."))
    if find(address) is not None:
        raise Conflict(_("%(email)s is an operator already.", email=address))
    operator = Operator(id=new_id(), email=address, name=name.strip()[:120], language="en", created_at=now())
    operator.recovery_hashes, operator.totp_step = [], 0
    db.session.add(operator)
    note("operators.added", operator=str(operator.id))
    return operator, _new_link(operator)


def reset(email: str) -> tuple[Operator, str]:
    """Take both factors from an operator and return the secret of a new link; one who was locked out may come back."""
    operator = _named(email)
    _shut(operator)
    operator.disabled_at = None
    note("operators.reset", operator=str(operator.id))
    return operator, _new_link(operator)


def disable(email: str) -> Operator:
    """Lock an operator out: every session and every visit ends with the next request."""
    operator = _named(email)
    _shut(operator)
    operator.disabled_at = operator.disabled_at or now()
    operator.invite_hash = operator.invite_expires_at = None
    note("operators.disabled", operator=str(operator.id))
    return operator


def find(email: str, *, lock: bool = False) -> Operator | None:
    """Return the operator with this address, or None."""
    found = select(Operator).where(Operator.email == email.strip().lower())
    return db.session.scalar(found.with_for_update(key_share=True) if lock else found)


def locked(operator_id: UUID) -> Operator:
    """Return the operator as the row is now, kept from every other hand until the transaction ends."""
    return db.session.get_one(
        Operator, operator_id, with_for_update={"key_share": True}, populate_existing=True
    )


def everybody() -> Sequence[Operator]:
    """Return the operators by name, those that were locked out as well."""
    return db.session.scalars(
        select(Operator).order_by(func.lower(Operator.name), Operator.id).limit(MOST)
    ).all()


def is_enrolled(operator: Operator) -> bool:
    """Tell whether the operator has both factors and was not locked out."""
    has_both = operator.password_hash is not None and operator.totp_secret is not None
    return has_both and operator.totp_step > 0 and operator.disabled_at is None


def _named(email: str) -> Operator:
    operator = find(email, lock=True)
    if operator is None:
        raise NotFound(_("Nobody with the address %(email)s is an operator.", email=email))
    return operator


def _shut(operator: Operator) -> None:
    operator.password_hash = operator.totp_secret = None
    operator.totp_step, operator.recovery_hashes = 0, []
    sessions.end_all(operator.id)
    enqueue("platform.end_visits")


def _new_link(operator: Operator) -> str:
    secret = new_secret()
    operator.invite_hash, operator.invite_expires_at = secret_hash(secret), now() + LINK_LIFETIME
    return secret
