"""Mails to the owner of an account whenever the ways into it change, so that nobody changes them unseen."""

from enum import StrEnum

from flask import url_for

from app.accounts.models import Account
from app.core.audit import audit
from app.core.clock import now
from app.notify.mail import send_mail


class Change(StrEnum):
    """What has changed; also how the audit log calls it, after `accounts.`."""

    AUTHENTICATOR_ON = "authenticator_set_up"
    AUTHENTICATOR_OFF = "authenticator_removed"
    CODES_MADE = "recovery_codes_made"
    CODE_USED = "recovery_code_used"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    PASSKEY_COPIED = "passkey_refused_as_copied"
    IDENTITY_LINKED = "identity_linked"
    IDENTITY_UNLINKED = "identity_unlinked"
    EMAIL_CHANGED = "email_changed"
    PASSWORD_ADDED = "password_added"  # noqa: S105  a change, not a password
    FACTORS_RESET = "factors_reset"


def record(account: Account, change: Change, *, what: str = "", to: str = "") -> None:
    """Write a change into the audit log and mail it to the owner; `what` names a passkey or a service.

    `to` is another address than the account's: the one it had before.
    """
    audit(f"accounts.{change}", subject=f"account:{account.id}", **({"title": what} if what else {}))
    tell(account, change, what=what, to=to)


def tell(account: Account, change: Change, *, what: str = "", to: str = "") -> None:
    """Mail a change to the owner that stands in the audit log already."""
    send_mail(
        "security_change",
        to or account.email,
        account.language,
        change=change.value,
        what=what,
        name=account.name,
        moment=now(),
        link=url_for("portal_security.security", _external=True),
        help_link=url_for("portal_about.contact", _external=True),
    )
