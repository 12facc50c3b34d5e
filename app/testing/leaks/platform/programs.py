"""Tokens of programs, what they were answered, webhooks and what was sent to them."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from app.accounts.tokens import ApiToken, issue
from app.core.context import Actor, current_city
from app.core.db import db
from app.core.ids import new_id, secret_hash
from app.testing.leaks.filling import Twin
from app.testing.leaks.platform.owner import filling
from app.testing.leaks.programs import TOKEN
from app.web.rest.endpoints import scopes_for
from app.web.rest.once import ApiAnswer
from app.web.webhooks import keeping
from app.web.webhooks.models import DeliveryState, Webhook, WebhookDelivery

NOBODY_LISTENS = "http://127.0.0.1:9"


@filling.content
def tokens(twin: Twin) -> None:
    """Make a token with every scope, one to be revoked, and keep an answer to a request."""
    clerk = Actor("staff", "", twin.text("clerk"))
    token, secret = issue(twin.text("program"), scopes_for(current_city().modules), days=30, by=clerk)
    issue(twin.text("another program"), ["audit.read"], days=30, by=clerk)
    twin.keep(TOKEN, secret)
    db.session.flush()
    answer = ApiAnswer(
        token_id=token.id,
        key_hash=secret_hash(str(new_id())),
        request_hash=secret_hash(twin.key("request")),
        status=201,
        headers={"Content-Type": "application/json"},
        body=twin.text("answer").encode(),
    )
    db.session.add(answer)


@filling.content
def webhooks(twin: Twin) -> None:
    """Have an address told of everything that happens from now on, and replace its secret."""
    added, _secret = keeping.add(
        twin.text("receiver"), f"{NOBODY_LISTENS}/{twin.mark}", list(keeping.choosable())
    )
    keeping.replace_secret(added.id)


@filling.at_the_end
def answers_of_receivers(twin: Twin) -> None:
    """Keep what a receiver would have answered, as none listens; one message waits for its next try."""
    sent = db.session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.id)).all()
    for delivery in sent:
        delivery.answer, delivery.state = twin.text("thanks"), DeliveryState.FAILED
    if sent:
        sent[-1].state = DeliveryState.WAITING


@filling.values("token_id")
def token_ids(_twin: Twin) -> Iterable[UUID]:
    """Return the tokens, the one that programs of the suite come with last."""
    return db.session.scalars(select(ApiToken.id).order_by(ApiToken.id.desc())).all()


@filling.values("webhook_id")
def webhook_ids(_twin: Twin) -> Iterable[UUID]:
    """Return the addresses."""
    return db.session.scalars(select(Webhook.id).order_by(Webhook.id)).all()


@filling.values("webhook_id", "delivery_id")
def messages(_twin: Twin) -> Iterable[tuple[UUID, UUID]]:
    """Return what was sent, with where to."""
    found = select(WebhookDelivery).order_by(WebhookDelivery.id.desc()).limit(6)
    return [(each.webhook_id, each.id) for each in db.session.scalars(found)]


@filling.values("delivery_id", of="webhooks.deliver")
def message_ids(_twin: Twin) -> Iterable[UUID]:
    """Return what was sent."""
    found = select(WebhookDelivery.id).order_by(WebhookDelivery.id.desc()).limit(6)
    return db.session.scalars(found).all()


_sent = {"name": "Typed receiver", "url": f"{NOBODY_LISTENS}/typed", "events": ["city.module_switched"]}
filling.answers("console.new_token", name="Typed program", scopes="audit.read", days="30")
filling.answers("console.new_webhook", **_sent)
filling.answers("console.change_webhook", **_sent)
filling.answers("console.switch_webhook", on="1")
filling.answers("api.add_webhook", **_sent)
filling.answers("api.change_webhook", **_sent)
filling.review("no text api_token.scopes", "names that the code gives")
filling.review("no text api_token.secret_hash", "a hash")
filling.review("no text api_answer.*", "hashes, and names of headers with what the code puts there")
filling.review("no text webhook.events", "names that the code gives")
filling.review("no text webhook.*secret", "sealed")
filling.review("no text webhook_delivery.event", "a name that the code gives")
filling.review("no text webhook_delivery.message_id", "an id")
