"""Entries of the audit log in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.accounts.models import Account, Role
from app.console.roles import role_label
from app.core.audit import AuditEntry, Detail
from app.core.db import db
from app.core.i18n import LANGUAGES
from app.core.i18n import gettext as _
from app.registry import modules

BEFORE = "_before"
ROLES = frozenset(Role)


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as it is shown."""

    id: UUID
    at: datetime
    what: str
    action: str
    subject: str
    who: str
    actor: str
    on_behalf: str
    on_behalf_id: str
    details: list[str]


def lines(entries: Sequence[AuditEntry]) -> list[Line]:
    """Return entries in words; people that are their subject are named."""
    names = _names(entries)
    return [
        Line(
            id=entry.id,
            at=entry.at,
            what=describe(entry.action),
            action=entry.action,
            subject=_subject(entry.subject, names),
            who=actor_name(entry.actor_kind, entry.actor_name),
            actor=entry.actor_id,
            on_behalf=entry.for_name or (_("Somebody") if entry.for_id else ""),
            on_behalf_id=entry.for_id,
            details=_details(entry),
        )
        for entry in entries
    ]


def describe(action: str) -> str:
    """Return what was done, in words; a module's own actions are named after the module."""
    owner, _dot, what = action.partition(".")
    module, words = modules().get(owner), what.replace("_", " ").capitalize()
    if action in _known() or module is None:
        return _known().get(action, words)
    return _(dict(module.actions).get(what, words))


def actor_name(kind: str, name: str) -> str:
    """Return who acted, in words."""
    if kind == "operator":
        return _("%(name)s, operator of the platform", name=name)
    return _("The system") if kind == "system" else name or _("Somebody")


def _known() -> dict[str, str]:
    return {
        **_of_residents(),
        "modules.switched_on": _("Turned on a module"),
        "modules.switched_off": _("Turned off a module"),
        "modules.settings_changed": _("Changed the settings of a module"),
        "city.branding_changed": _("Changed the branding"),
        "statistics.opened": _("Published the statistics as open data"),
        "statistics.closed": _("Stopped publishing the statistics"),
        "city.text_changed": _("Changed one of the city's texts"),
        "city.settings_changed": _("Changed the city's settings"),
        "messages.asked": _("Asked somebody else to send a message"),
        "messages.sent": _("Sent a message to many people"),
        "messages.limit_changed": _("Changed who may send messages alone"),
        "city.mail_server_changed": _("Changed the city's mail server"),
        "city.mail_server_removed": _("Gave up the city's own mail server"),
        "city.sms_provider_changed": _("Changed the provider of text messages"),
        "city.sms_provider_removed": _("Gave up text messages"),
        "city.push_switched": _("Switched notices in the browser"),
        "city.published": _("Made the site public"),
        "city.unpublished": _("Hid the site from residents"),
        "city.suspended": _("Closed the site for a while"),
        "city.resumed": _("Opened the site again"),
        "city.renamed": _("Changed the name or the address of the city"),
        "city.domain_added": _("Added a domain"),
        "city.domain_verified": _("A domain was proven"),
        "city.domain_lost": _("A domain was lost: its proof was missing"),
        "city.domain_removed": _("Removed a domain"),
        "city.main_domain_changed": _("Changed the main address"),
        "city.export_asked": _("Asked for an export of the city"),
        "city.export_fetched": _("Fetched the export of the city"),
        "city.made_as_copy": _("Made as a copy of another city"),
        "accounts.invited": _("Invited somebody to the staff"),
        **_of_programs(),
        "accounts.invited_again": _("Sent an invitation again"),
        "accounts.invitation_withdrawn": _("Took back an invitation"),
        "accounts.roles_ended": _("A role came to its last day"),
        "roles.made": _("Made a role"),
        "roles.changed": _("Changed what a role allows"),
        "roles.deleted": _("Deleted a role"),
        "accounts.role_changed": _("Changed somebody's role"),
        "accounts.signed_out": _("Signed somebody out on all devices"),
        "accounts.password_changed": _("Chose a new password"),
        "accounts.deleted": _("Deleted an account"),
        "accounts.joined": _("Joined the staff"),
        "accounts.signed_in": _("Signed in"),
        **_of_signing_in(),
        "districts.added": _("Added a district"),
        "districts.renamed": _("Renamed a district"),
        "districts.moved": _("Moved a district"),
        "districts.removed": _("Removed a district"),
        "privacy.retained": _("Removed what had been kept for long enough"),
        "privacy.data_asked": _("Asked for a copy of the own data"),
        "privacy.left": _("Deleted the own account"),
        "visits.began": _("Began a visit as operator of the platform"),
        "visits.acted": _("Sent a form during the visit"),
        "visits.ended": _("Ended the visit"),
    }


def _of_programs() -> dict[str, str]:
    return {
        "tokens.issued": _("Made a token for a program"),
        "tokens.revoked": _("Revoked the token of a program"),
        "webhooks.added": _("Added a webhook"),
        "webhooks.changed": _("Changed a webhook"),
        "webhooks.switched_on": _("Turned on a webhook"),
        "webhooks.switched_off": _("Turned off a webhook"),
        "webhooks.secret_replaced": _("Made a new secret for a webhook"),
        "webhooks.deleted": _("Deleted a webhook"),
    }


def _of_residents() -> dict[str, str]:
    return {
        "people.deliveries_seen": _("Looked at what was sent to a person"),
        "people.delivery_resent": _("Sent a message again"),
        "people.delivery_dropped": _("Let go of a message that could not be delivered"),
        "people.attribute_added": _("Began to ask residents for something"),
        "people.attribute_removed": _("Stopped asking residents for something"),
        "people.months_changed": _("Changed for how long a check counts"),
        "people.checked": _("Checked a document of a resident"),
        "people.check_refused": _("Found something of a resident not proven"),
        "people.check_withdrawn": _("Took back a check"),
        "people.verified": _("Proved something by a list or a code"),
        "people.released": _("Released a resident from a list"),
        "people.entry_freed": _("Freed a place on a list"),
        "people.roll_imported": _("Took in a list of residents"),
        "people.roll_ended": _("Took a list or codes out of use"),
        "people.codes_made": _("Made codes for letters"),
        "people.child_added": _("Added a child"),
        "people.person_added": _("Entered somebody without an account"),
        "people.acting_invited": _("Invited somebody to act for another"),
        "people.acting_began": _("Began to act for somebody"),
        "people.acting_confirmed": _("Saw the papers of who acts for another"),
        "people.acting_ended": _("Ended that somebody acts for another"),
    }


def _of_signing_in() -> dict[str, str]:
    return {
        "accounts.authenticator_set_up": _("Set up an authenticator app"),
        "accounts.authenticator_removed": _("Removed the authenticator app"),
        "accounts.recovery_codes_made": _("Made new recovery codes"),
        "accounts.recovery_code_used": _("Used a recovery code"),
        "accounts.passkey_added": _("Added a passkey"),
        "accounts.passkey_removed": _("Removed a passkey"),
        "accounts.passkey_refused_as_copied": _("A passkey was refused: it seems to have been copied"),
        "accounts.identity_linked": _("Linked another service to an account"),
        "accounts.identity_unlinked": _("Removed the link to another service"),
        "accounts.email_changed": _("Changed the e-mail address of an account"),
        "accounts.factors_reset": _("Took somebody's second factor away"),
        "sign_in.settings_changed": _("Changed how people sign in"),
        "sign_in.service_added": _("Added a service to sign in with"),
        "sign_in.service_changed": _("Changed a service to sign in with"),
        "sign_in.service_removed": _("Removed a service to sign in with"),
    }


def _names(entries: Sequence[AuditEntry]) -> dict[str, str]:
    ids = {
        entry.subject.removeprefix("account:") for entry in entries if entry.subject.startswith("account:")
    }
    known = [UUID(text) for text in ids if _is_uuid(text)]
    if not known:
        return {}
    rows = db.session.execute(select(Account.id, Account.name, Account.email).where(Account.id.in_(known)))
    return {str(row.id): row.name or row.email for row in rows}


def _subject(subject: str, names: Mapping[str, str]) -> str:
    if subject in modules():
        return _(modules()[subject].title)
    if subject.startswith("account:"):
        return names.get(subject.removeprefix("account:"), _("Somebody who has left"))
    return "" if _is_uuid(subject.rpartition(":")[2]) or subject.startswith("city:") else subject


def _details(entry: AuditEntry) -> list[str]:
    """Return the details as `what: before → after`, or `what: value` where there was nothing before.

    Details without a label are for the file only.
    """
    labels, told = _labels(entry), entry.details
    before = {key: told.get(key + BEFORE) for key in told} | {"after": told.get("before")}
    return [
        _detail(labels[key], value, before[key])
        for key, value in told.items()
        if key in labels and not (key == "before" and "after" in told)
    ]


def _labels(entry: AuditEntry) -> dict[str, str]:
    module = modules().get(entry.subject)
    if module is not None:
        return {setting.key: _(setting.label) for setting in module.settings}
    return {
        "role": _("Role"),
        "after": _("Role"),
        "permissions": _("Permissions"),
        "people": _("People"),
        "brand": _("Colour"),
        "hero": _("Behind the greeting"),
        "name": _("Name"),
        "title": _("Title"),
        "slug": _("Address"),
        "host": _("Domain"),
        "number": _("Number"),
        "ballots": _("Ballots"),
        "reason": _("Reason"),
        "minutes": _("Minutes"),
        "page": _("Page"),
        "contact_email": _("Contact address"),
        "languages": _("Languages"),
        "time_zone": _("Time zone"),
        "currency": _("Currency"),
        "issuer": _("Address of the service"),
        "password_way": _("Sign-in by password"),
        "link_way": _("Sign-in by mailed link"),
        "passkey_way": _("Sign-in by passkey"),
        "factor_from": _("Staff need a second factor from"),
        "resident_days": _("Days residents stay signed in"),
        "resident_idle_days": _("Days until idle residents are signed out"),
        "staff_hours": _("Hours staff stay signed in"),
        "staff_idle_minutes": _("Minutes until idle staff are signed out"),
        "published": _("Public"),
        "font": _("Font"),
        "logo": _("Logo"),
        "picture": _("Picture"),
        **{
            f"footer_{code}": _("Foot of pages (%(language)s)", language=name)
            for code, name in LANGUAGES.items()
        },
        **{
            f"tagline_{code}": _("Greeting (%(language)s)", language=name) for code, name in LANGUAGES.items()
        },
    }


def _detail(label: str, value: Detail, before: Detail) -> str:
    shown = _value(value) if before is None else f"{_value(before)} → {_value(value)}"
    return _("%(what)s: %(value)s", what=label, value=shown)


def _value(value: Detail) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if value in ROLES:
        return role_label(Role(value))
    return "–" if value in (None, "") else str(value)


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
