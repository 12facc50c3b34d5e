"""Changing how a city lets people in; nothing is kept that would lock every administrator out."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.accounts import sessions, ways
from app.accounts.oidc import service
from app.accounts.policy import Policy, Provider, keep, policy
from app.core.audit import Detail, audit
from app.core.errors import Conflict, NotFound
from app.core.i18n import gettext as _
from app.core.ids import new_short_id

MOST_PROVIDERS = 10


def decide(decided: Policy) -> None:
    """Keep which ways are offered, who needs a second factor and how long sessions last."""
    ways.one_at_a_time()
    before = policy()
    wanted = replace(decided, providers=before.providers)
    _check(wanted)
    keep(wanted)
    sessions.limit_to(wanted)
    was, now = _told(before), _told(wanted)
    changed = {key: value for key, value in now.items() if value != was[key]}
    told: Mapping[str, Any] = {**changed, **{f"{key}_before": was[key] for key in changed}}
    audit("sign_in.settings_changed", **told)


def add(provider: Provider, secret: str) -> Provider:
    """Add a service, after it has said where its doors are; raises Invalid when it does not answer."""
    ways.one_at_a_time()
    before = policy()
    if len(before.providers) >= MOST_PROVIDERS:
        raise Conflict(_("A city has at most %(number)s services. Remove one first.", number=MOST_PROVIDERS))
    service.discover(provider.issuer, anew=True)
    ident = new_short_id()
    added = replace(provider, id=ident, secret=service.seal(ident, secret))
    _check_issuer(before, added)
    keep(replace(before, providers=(*before.providers, added)))
    audit("sign_in.service_added", title=added.title, issuer=added.issuer)
    return added


def change(provider: Provider, secret: str) -> None:
    """Change a service; an empty secret keeps the one there is, while the service itself stays the same."""
    ways.one_at_a_time()
    before = policy()
    was = before.provider(provider.id)
    if was is None:
        raise NotFound(_("There is no such service."))
    service.discover(provider.issuer, anew=True)
    kept = was.secret if (was.issuer, was.client_id) == (provider.issuer, provider.client_id) else ""
    changed = replace(provider, secret=service.seal(provider.id, secret) if secret else kept)
    _check_issuer(before, changed)
    same = (was.issuer, was.client_id, was.secret) == (changed.issuer, changed.client_id, changed.secret)
    wanted = replace(
        before, providers=tuple(changed if each.id == was.id else each for each in before.providers)
    )
    _check(wanted, untried=frozenset() if same else frozenset({was.id}))
    keep(wanted)
    audit("sign_in.service_changed", title=changed.title, issuer=changed.issuer, issuer_before=was.issuer)


def remove(provider_id: str) -> Provider:
    """Remove a service; who is linked to it stays linked, should it come back."""
    ways.one_at_a_time()
    before = policy()
    gone = before.provider(provider_id)
    if gone is None:
        raise NotFound(_("There is no such service."))
    wanted = replace(before, providers=tuple(each for each in before.providers if each.id != provider_id))
    _check(wanted)
    keep(wanted)
    audit("sign_in.service_removed", title=gone.title, issuer=gone.issuer)
    return gone


def _check(wanted: Policy, *, untried: frozenset[str] = frozenset()) -> None:
    if not ways.administrators_come_in(wanted, but=untried):
        raise Conflict(
            _(
                "No administrator could sign in any more. Keep password or link by mail, or let an administrator "
                "add a passkey or link one of the services first."
            )
        )


def _check_issuer(before: Policy, wanted: Provider) -> None:
    others = [each for each in before.providers if each.id != wanted.id]
    if any(each.issuer == wanted.issuer for each in others):
        raise Conflict(_("This service is there already."))


def _told(decided: Policy) -> dict[str, Detail]:
    day = decided.staff_factor_from
    return {
        "password_way": decided.password,
        "link_way": decided.link,
        "passkey_way": decided.passkey,
        "factor_from": day.isoformat() if day else "",
        "resident_days": decided.resident_days,
        "resident_idle_days": decided.resident_idle_days,
        "staff_hours": decided.staff_hours,
        "staff_idle_minutes": decided.staff_idle_minutes,
    }
