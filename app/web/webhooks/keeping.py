"""Everything that can be done with a webhook; nothing else writes to the table."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from app.core.audit import audit
from app.core.clock import now
from app.core.context import current_city
from app.core.db import db
from app.core.errors import Conflict, Invalid, NotFound
from app.core.events import EVENTS, Event
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.sealing import seal, unseal
from app.registry import modules
from app.services.outbound import check_address
from app.web.webhooks.models import NAME_LENGTH, DeliveryState, Webhook, WebhookDelivery
from app.web.webhooks.rules import new_secret

MOST = 20
BOTH_SECRETS = timedelta(hours=24)
PURPOSE = "webhook"
STAFF, FAILING, GONE = "staff", "failing", "gone"


def choosable() -> Mapping[str, Event]:
    """Return the events of which the city can tell others: the platform's and those of modules that are on."""
    on = current_city().modules
    return {
        name: each for name, each in sorted(EVENTS.items()) if each.owner not in modules() or each.owner in on
    }


def webhooks() -> Sequence[Webhook]:
    """Return the addresses, in the order in which they were added."""
    return db.session.scalars(select(Webhook).order_by(Webhook.id).limit(MOST)).all()


def webhook_of(webhook_id: UUID) -> Webhook:
    """Return an address; raises NotFound."""
    found = db.session.get(Webhook, webhook_id, with_for_update=True)
    if found is None:
        raise NotFound(_("There is no such webhook."))
    return found


def add(name: str, url: str, events: Iterable[str]) -> tuple[Webhook, str]:
    """Tell an address of events from now on; returns it with the secret of its signatures. Raises Invalid."""
    if len(webhooks()) >= MOST:
        raise Conflict(_("There are too many webhooks. Delete one that nobody needs any more."))
    secret = new_secret()
    webhook = Webhook(id=new_id(), created_at=now())
    _write(webhook, name, url, events)
    webhook.secret = _sealed(webhook, secret)
    db.session.add(webhook)
    db.session.flush()
    audit("webhooks.added", subject=f"webhook:{webhook.id}", name=webhook.name, events=_list(webhook))
    return webhook, secret


def change(webhook_id: UUID, name: str, url: str, events: Iterable[str]) -> Webhook:
    """Change the address or its events; raises Invalid."""
    webhook = webhook_of(webhook_id)
    _write(webhook, name, url, events)
    audit("webhooks.changed", subject=f"webhook:{webhook.id}", name=webhook.name, events=_list(webhook))
    return webhook


def switch(webhook_id: UUID, *, on: bool) -> Webhook:
    """Go on, or stop, telling an address."""
    webhook = webhook_of(webhook_id)
    if webhook.is_on != on:
        turn_off(webhook, STAFF) if not on else _turn_on(webhook)
    return webhook


def turn_off(webhook: Webhook, reason: str) -> None:
    """Stop telling an address: what waits is given up."""
    webhook.off_at, webhook.off_reason = now(), reason
    audit("webhooks.switched_off", subject=f"webhook:{webhook.id}", name=webhook.name, reason=reason)


def replace_secret(webhook_id: UUID) -> tuple[Webhook, str]:
    """Return a new secret; for a day messages are signed with the one before as well."""
    webhook, secret = webhook_of(webhook_id), new_secret()
    webhook.former_secret, webhook.former_until = webhook.secret, now() + BOTH_SECRETS
    webhook.secret = _sealed(webhook, secret)
    audit("webhooks.secret_replaced", subject=f"webhook:{webhook.id}", name=webhook.name)
    return webhook, secret


def delete(webhook_id: UUID) -> None:
    """Delete an address with the log of what was sent to it."""
    webhook = webhook_of(webhook_id)
    audit("webhooks.deleted", subject=f"webhook:{webhook.id}", name=webhook.name)
    db.session.delete(webhook)


def secrets_of(webhook: Webhook) -> list[str]:
    """Return what a message is signed with now: two secrets while one takes the other's place."""
    sealed = [webhook.secret]
    if webhook.former_secret and webhook.former_until and webhook.former_until > now():
        sealed.append(webhook.former_secret)
    found = (unseal(PURPOSE, _owner(webhook), each) for each in sealed)
    return [secret for secret in found if secret]


def delivery_of(webhook_id: UUID, delivery_id: UUID) -> WebhookDelivery:
    """Return a message to an address; raises NotFound."""
    found = db.session.get(WebhookDelivery, delivery_id, with_for_update={"of": WebhookDelivery})
    if found is None or found.webhook_id != webhook_id:
        raise NotFound(_("There is no such message, or it is no longer kept."))
    return found


def failing(webhook: Webhook) -> bool:
    """Tell whether messages wait to be tried again."""
    waiting = WebhookDelivery.webhook_id == webhook.id, WebhookDelivery.state == DeliveryState.WAITING
    return (
        db.session.scalar(select(WebhookDelivery.id).where(*waiting, WebhookDelivery.tries > 0).limit(1))
        is not None
    )


def _turn_on(webhook: Webhook) -> None:
    webhook.off_at, webhook.off_reason = None, ""
    audit("webhooks.switched_on", subject=f"webhook:{webhook.id}", name=webhook.name)


def _write(webhook: Webhook, name: str, url: str, events: Iterable[str]) -> None:
    wanted, called = sorted(set(events)), name.strip()[:NAME_LENGTH]
    if not called:
        raise Invalid(_("Give the webhook a name that says which program is told."))
    if not wanted or not set(wanted) <= set(choosable()):
        raise Invalid(_("Choose what the program is told of."))
    webhook.name, webhook.url, webhook.events = called, check_address(url), wanted


def _sealed(webhook: Webhook, secret: str) -> str:
    return seal(PURPOSE, _owner(webhook), secret)


def _owner(webhook: Webhook) -> bytes:
    return f"{current_city().id}:{webhook.id}".encode()


def _list(webhook: Webhook) -> str:
    return ", ".join(webhook.events)
