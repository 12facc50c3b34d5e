"""Telling others: written down in the transaction of the cause, sent by the worker, tried for three days."""

import json
import random
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
from flask import url_for
from sqlalchemy import delete, select

from app.accounts.models import Account, Role
from app.core.clock import now
from app.core.context import current_city
from app.core.db import db
from app.core.events import Event, listen
from app.core.i18n import gettext as _
from app.core.ids import new_id, secret_hash
from app.core.jobs import Lane, enqueue, task
from app.notify.mail import send_mail
from app.registry import modules
from app.services import outbound
from app.web.webhooks import keeping, rules
from app.web.webhooks.models import DeliveryState, Webhook, WebhookDelivery

SECONDS = 10
MOST_ANSWER = 64 * 1024
KEPT = timedelta(days=30)
LATE = timedelta(minutes=10)
MOST_AT_ONCE = 500
TEST = "webhook.test"


@listen
def write_down(happened: Event, at: datetime, once: str, data: Mapping[str, Any]) -> None:
    """Write a message to every address that wants to hear of an event; sent when the cause has committed."""
    if happened.owner in modules() and happened.owner not in current_city().modules:
        return
    wanting = select(Webhook).where(Webhook.off_at.is_(None), Webhook.events.contains([happened.name]))
    message_id = _message_id(happened.name, once) if once else f"msg_{new_id().hex}"
    for webhook in db.session.scalars(wanting).all():
        if not (once and _is_told(webhook, message_id)):
            _put(webhook, happened.name, message_id, _body(happened.name, at, data))


def test(webhook: Webhook) -> WebhookDelivery:
    """Send an address a message that says nothing."""
    body = _body(TEST, now(), {"city": current_city().slug})
    return _put(webhook, TEST, f"msg_{new_id().hex}", body)


def resend(delivery: WebhookDelivery) -> None:
    """Send a message again, under the same id."""
    delivery.state, delivery.tries, delivery.next_at = DeliveryState.WAITING, 0, now()
    enqueue("webhooks.deliver", delivery_id=str(delivery.id))


@task("webhooks.deliver", lane=Lane.ROUTINE)
def deliver(delivery_id: str) -> None:
    """Try to send one message; a second run, or one before its time, does nothing."""
    locked = {"of": WebhookDelivery, "skip_locked": True}
    found = db.session.get(WebhookDelivery, UUID(delivery_id), with_for_update=locked)
    if found is None or found.state is not DeliveryState.WAITING or found.next_at > now():
        return
    if not found.webhook.is_on:
        found.state, found.answer = DeliveryState.FAILED, _("The webhook was switched off.")
        return
    _try(found)
    if found.status is not None and rules.is_taken(found.status):
        found.state, found.webhook.taken_at = DeliveryState.DELIVERED, now()
        return
    _try_again_or_give_up(found)


@task("webhooks.look_after", every=LATE, idle=timedelta(days=1))
def look_after() -> bool:
    """Ask again for messages that should have left by now and delete old ones; tells whether any are kept."""
    moment = now()
    late = WebhookDelivery.state == DeliveryState.WAITING, WebhookDelivery.next_at < moment - LATE
    for ident in db.session.scalars(select(WebhookDelivery.id).where(*late).limit(MOST_AT_ONCE)):
        enqueue("webhooks.deliver", delivery_id=str(ident))
    db.session.execute(delete(WebhookDelivery).where(WebhookDelivery.created_at < moment - KEPT))
    return db.session.scalar(select(WebhookDelivery.id).limit(1)) is not None


def _message_id(name: str, once: str) -> str:
    return f"msg_{secret_hash(f'{current_city().id} {name} {once}')[:32]}"


def _is_told(webhook: Webhook, message_id: str) -> bool:
    mine = WebhookDelivery.webhook_id == webhook.id, WebhookDelivery.message_id == message_id
    return db.session.scalar(select(WebhookDelivery.id).where(*mine).limit(1)) is not None


def _body(name: str, at: datetime, data: Mapping[str, Any]) -> str:
    told = {"type": name, "timestamp": at.isoformat().replace("+00:00", "Z"), "data": data}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _put(webhook: Webhook, name: str, message_id: str, body: str) -> WebhookDelivery:
    delivery = WebhookDelivery(
        id=new_id(), webhook_id=webhook.id, message_id=message_id, event=name, body=body, next_at=now()
    )
    delivery.state, delivery.tries, delivery.answer, delivery.created_at = DeliveryState.WAITING, 0, "", now()
    db.session.add(delivery)
    enqueue("webhooks.deliver", delivery_id=str(delivery.id))
    return delivery


def _try(delivery: WebhookDelivery) -> None:
    """Send a message and write down how it went."""
    webhook, body, began = delivery.webhook, delivery.body.encode(), time.monotonic()
    signed = rules.headers(keeping.secrets_of(webhook), delivery.message_id, int(now().timestamp()), body)
    delivery.tries += 1
    try:
        with outbound.client(timeout=SECONDS, most_bytes=MOST_ANSWER) as client:
            answer = client.post(webhook.url, content=body, headers=dict(signed))
        delivery.status, delivery.answer = answer.status_code, rules.shortened(answer.content)
    except httpx.HTTPError as error:
        delivery.status, delivery.answer = None, _reason(error)
    delivery.milliseconds = int((time.monotonic() - began) * 1000)


def _reason(error: httpx.HTTPError) -> str:
    if isinstance(error, httpx.TimeoutException):
        return _("There was no answer within %(seconds)s seconds.", seconds=SECONDS)
    if isinstance(error, httpx.ConnectError):
        return _("The address could not be reached.")
    return _("The answer could not be read.")


def _try_again_or_give_up(delivery: WebhookDelivery) -> None:
    webhook = delivery.webhook
    if delivery.status is not None and rules.is_gone(delivery.status):
        delivery.state = DeliveryState.FAILED
        _stop(webhook, keeping.GONE)
        return
    wait = rules.pause(delivery.tries, random.random())
    if delivery.event == TEST or wait is None:
        delivery.state = DeliveryState.FAILED
        if wait is None and (webhook.taken_at is None or webhook.taken_at < delivery.created_at):
            _stop(webhook, keeping.FAILING)
        return
    delivery.next_at = now() + wait
    enqueue("webhooks.deliver", at=delivery.next_at, delivery_id=str(delivery.id))


def _stop(webhook: Webhook, reason: str) -> None:
    """Stop telling an address that takes nothing, and say so to the administrators."""
    keeping.turn_off(webhook, reason)
    administrators = Account.role == Role.ADMINISTRATOR, Account.confirmed_at.is_not(None)
    link = url_for("console.webhook", webhook_id=webhook.id, _external=True)
    for account in db.session.scalars(select(Account).where(*administrators).limit(50)):
        send_mail("webhook_off", account.email, account.language, name=webhook.name, reason=reason, link=link)
