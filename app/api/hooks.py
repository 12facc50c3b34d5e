"""Webhooks, for programs that set up their own."""

from typing import Annotated
from uuid import UUID

from flask_babel import lazy_gettext as _l
from pydantic import Field
from sqlalchemy import select

from app.api.blueprint import bp
from app.web.rest import (
    Answer,
    Instant,
    Listing,
    Made,
    Paging,
    Sent,
    endpoint,
    listed,
    listing,
    scope,
    unchanged,
    words,
)
from app.web.webhooks import keeping, models, sending
from app.web.webhooks.models import ADDRESS_LENGTH, NAME_LENGTH, DeliveryState

MANAGE = scope("webhooks.manage", _l("Set up webhooks and read what was sent to them"))


class Webhook(Answer):
    """An address that is told of events."""

    id: UUID
    name: str
    url: str
    events: list[str]
    on: bool
    created_at: Instant


class NewWebhook(Webhook):
    """A webhook with the secret of its signatures, which is shown this once."""

    secret: str


class WebhookSent(Sent):
    """What is told, and where."""

    name: Annotated[str, words(NAME_LENGTH, 1)]
    url: Annotated[str, words(ADDRESS_LENGTH, 1), Field(json_schema_extra={"format": "uri"})]
    events: Annotated[list[Annotated[str, words(120)]], Field(min_length=1, max_length=100)]


class Delivery(Answer):
    """One message, and how its last try went."""

    id: UUID
    message_id: str
    event: str
    state: DeliveryState
    created_at: Instant
    tries: int
    status: Annotated[int | None, Field(description="Of the last answer; null when there was none.")]
    milliseconds: int | None
    answer: Annotated[str, Field(description="How the last answer began, or why there was none.")]


@endpoint(bp, "GET", "/webhooks", returns=Listing[Webhook], scope=MANAGE)
def webhooks() -> Listing[Webhook]:
    """List the webhooks."""
    return Listing(items=[_shown(each) for each in keeping.webhooks()])


@endpoint(bp, "POST", "/webhooks", body=WebhookSent, returns=NewWebhook, status=201, scope=MANAGE)
def add_webhook(body: WebhookSent) -> Made:
    """Add a webhook; its address must begin with https and lead to the open internet."""
    added, secret = keeping.add(body.name, body.url, body.events)
    shown = NewWebhook(**_shown(added).model_dump(), secret=secret)
    return Made(shown, f"{bp.url_prefix}/webhooks/{added.id}")


@endpoint(bp, "GET", "/webhooks/<uuid:webhook_id>", returns=Webhook, scope=MANAGE)
def webhook(webhook_id: UUID) -> Webhook:
    """Return one webhook."""
    return _shown(keeping.webhook_of(webhook_id))


@endpoint(
    bp,
    "PUT",
    "/webhooks/<uuid:webhook_id>",
    body=WebhookSent,
    returns=Webhook,
    scope=MANAGE,
    guarded=True,
)
def change_webhook(webhook_id: UUID, body: WebhookSent) -> Webhook:
    """Change the address of a webhook, or what it is told of."""
    unchanged(_shown(keeping.webhook_of(webhook_id)))
    return _shown(keeping.change(webhook_id, body.name, body.url, body.events))


@endpoint(bp, "DELETE", "/webhooks/<uuid:webhook_id>", scope=MANAGE, guarded=True)
def delete_webhook(webhook_id: UUID) -> None:
    """Delete a webhook with the log of its messages."""
    unchanged(_shown(keeping.webhook_of(webhook_id)))
    keeping.delete(webhook_id)


@endpoint(bp, "POST", "/webhooks/<uuid:webhook_id>/test", returns=Delivery, status=202, scope=MANAGE)
def test_webhook(webhook_id: UUID) -> Delivery:
    """Send a message that says nothing, to see whether it arrives."""
    return Delivery.model_validate(sending.test(keeping.webhook_of(webhook_id)))


@endpoint(
    bp,
    "GET",
    "/webhooks/<uuid:webhook_id>/deliveries",
    returns=Listing[Delivery],
    query=Paging,
    scope=MANAGE,
)
def deliveries(webhook_id: UUID, query: Paging) -> Listing[Delivery]:
    """List the messages of the last thirty days, the newest first."""
    keeping.webhook_of(webhook_id)
    found = select(models.WebhookDelivery).where(models.WebhookDelivery.webhook_id == webhook_id)
    rows, following = listing(found, [models.WebhookDelivery.id], query)
    return listed([Delivery.model_validate(row) for row in rows], following)


@endpoint(
    bp,
    "POST",
    "/webhooks/<uuid:webhook_id>/deliveries/<uuid:delivery_id>/resend",
    returns=Delivery,
    status=202,
    scope=MANAGE,
)
def resend(webhook_id: UUID, delivery_id: UUID) -> Delivery:
    """Send a message again, under the same id."""
    delivery = keeping.delivery_of(webhook_id, delivery_id)
    sending.resend(delivery)
    return Delivery.model_validate(delivery)


def _shown(found: models.Webhook) -> Webhook:
    return Webhook(
        id=found.id,
        name=found.name,
        url=found.url,
        events=found.events,
        on=found.is_on,
        created_at=found.created_at,
    )
