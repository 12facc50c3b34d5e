"""Webhooks: which addresses are told of what, and what was sent to them."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import SelectMultipleField, StringField
from wtforms.fields import SelectChoice

from app.accounts.stepping_up import fresh
from app.console.blueprint import bp
from app.core.db import db
from app.core.errors import Conflict, Invalid
from app.core.i18n import gettext as _
from app.web.forms import Form, at_most, given, required
from app.web.gates import requires
from app.web.page import render
from app.web.paging import asked_before
from app.web.webhooks import keeping, sending
from app.web.webhooks.models import ADDRESS_LENGTH, NAME_LENGTH, DeliveryState, Webhook, WebhookDelivery

PER_PAGE = 25


class WebhookForm(Form):
    """An address and what it is told of."""

    name = StringField(_l("Name of the program"), [required(), at_most(NAME_LENGTH)])
    url = StringField(
        _l("Address"),
        [required(), at_most(ADDRESS_LENGTH)],
        description=_l("It begins with https:// and can be reached from the internet."),
    )
    events = SelectMultipleField(_l("What it is told of"), [required(_l("Choose at least one."))])

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self.events.choices = [
            SelectChoice(name, str(each.label)) for name, each in keeping.choosable().items()
        ]


@bp.get("/programs/webhooks/")
@requires("console.api")
def webhooks() -> str:
    """List the webhooks."""
    return render("console/webhooks.html", webhooks=keeping.webhooks(), labels=_labels())


@bp.route("/programs/webhooks/new", methods=["GET", "POST"])
@requires("console.api")
@fresh
def new_webhook() -> ResponseReturnValue:
    """Add a webhook and show its secret, this once."""
    form = WebhookForm()
    if form.sent():
        try:
            added, secret = keeping.add(given(form.name), given(form.url), form.events.data or [])
        except (Conflict, Invalid) as error:
            form.refuse(form.url, error)
        else:
            return _secret_page(added, secret)
    return render("console/webhook_new.html", form=form), form.status


@bp.get("/programs/webhooks/<uuid:webhook_id>")
@requires("console.api")
def webhook(webhook_id: UUID) -> str:
    """Show a webhook and what was sent to it, the newest first."""
    found, before = keeping.webhook_of(webhook_id), asked_before()
    sent = select(WebhookDelivery).where(WebhookDelivery.webhook_id == found.id)
    if before is not None:
        sent = sent.where(WebhookDelivery.id < before)
    rows = db.session.scalars(sent.order_by(WebhookDelivery.id.desc()).limit(PER_PAGE + 1)).all()
    here = url_for(".webhook", webhook_id=found.id)
    return render(
        "console/webhook.html",
        webhook=found,
        deliveries=rows[:PER_PAGE],
        labels=_labels(),
        newest=here if before else None,
        older=f"{here}?before={rows[PER_PAGE - 1].id}" if len(rows) > PER_PAGE else None,
    )


@bp.route("/programs/webhooks/<uuid:webhook_id>/change", methods=["GET", "POST"])
@requires("console.api")
@fresh
def change_webhook(webhook_id: UUID) -> ResponseReturnValue:
    """Change the address of a webhook, or what it is told of."""
    found = keeping.webhook_of(webhook_id)
    form = WebhookForm(name=found.name, url=found.url, events=found.events)
    if form.sent():
        try:
            keeping.change(found.id, given(form.name), given(form.url), form.events.data or [])
        except Invalid as error:
            form.refuse(form.url, error)
        else:
            flash(_("The webhook is saved."), "ok")
            return _to(found)
    return render("console/webhook_new.html", form=form, webhook=found), form.status


@bp.post("/programs/webhooks/<uuid:webhook_id>/test")
@requires("console.api")
def test_webhook(webhook_id: UUID) -> ResponseReturnValue:
    """Send a message that says nothing."""
    found = keeping.webhook_of(webhook_id)
    sending.test(found)
    flash(_("A test message is on its way. Look below in a moment whether it has arrived."), "ok")
    return _to(found)


@bp.post("/programs/webhooks/<uuid:webhook_id>/switch")
@requires("console.api")
def switch_webhook(webhook_id: UUID) -> ResponseReturnValue:
    """Stop telling an address, or go on."""
    on = request.form.get("on") == "1"
    found = keeping.switch(webhook_id, on=on)
    flash(_("The webhook is on.") if on else _("The webhook is off."), "ok")
    return _to(found)


@bp.post("/programs/webhooks/<uuid:webhook_id>/secret")
@requires("console.api")
@fresh
def replace_secret(webhook_id: UUID) -> ResponseReturnValue:
    """Make a new secret and show it, this once."""
    found, secret = keeping.replace_secret(webhook_id)
    return _secret_page(found, secret)


@bp.post("/programs/webhooks/<uuid:webhook_id>/<uuid:delivery_id>/resend")
@requires("console.api")
def resend_message(webhook_id: UUID, delivery_id: UUID) -> ResponseReturnValue:
    """Send a message again."""
    delivery = keeping.delivery_of(webhook_id, delivery_id)
    if delivery.state is DeliveryState.WAITING and delivery.tries == 0:
        raise Conflict(_("This message is on its way already."))
    sending.resend(delivery)
    flash(_("The message is sent again."), "ok")
    return _to(delivery.webhook)


@bp.route("/programs/webhooks/<uuid:webhook_id>/delete", methods=["GET", "POST"])
@requires("console.api")
def delete_webhook(webhook_id: UUID) -> ResponseReturnValue:
    """Ask, then delete a webhook with its log."""
    found = keeping.webhook_of(webhook_id)
    if Form().sent():
        name = found.name
        keeping.delete(webhook_id)
        flash(_("The webhook “%(name)s” is deleted.", name=name), "ok")
        return redirect(url_for(".webhooks"), 303)
    return render("console/webhook_delete.html", webhook=found)


def _secret_page(found: Webhook, secret: str) -> ResponseReturnValue:
    page = render("console/webhook_secret.html", webhook=found, secret=secret)
    return page, {"Cache-Control": "no-store"}


def _to(found: Webhook) -> ResponseReturnValue:
    return redirect(url_for(".webhook", webhook_id=found.id), 303)


def _labels() -> dict[str, str]:
    known = {name: str(each.label) for name, each in keeping.choosable().items()}
    return {**known, sending.TEST: _("Test message")}
