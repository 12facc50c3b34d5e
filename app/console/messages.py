"""Messages to very many people: written, tried out, looked at by another, sent."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import current_account
from app.accounts.messages import services
from app.accounts.messages.audience import number
from app.accounts.messages.rules import State
from app.accounts.models import Account
from app.console.blueprint import bp
from app.console.message_forms import LimitForm, MessageForm
from app.core.db import db
from app.core.districts import district_names
from app.core.errors import Forbidden
from app.core.i18n import LANGUAGES, ngettext
from app.core.i18n import gettext as _
from app.web.forms import Form, given
from app.web.gates import requires
from app.web.limits import limit
from app.web.page import render

WRITE = "console.messages"


@bp.get("/messages/")
@requires(WRITE)
def messages() -> ResponseReturnValue:
    """List the messages."""
    form = LimitForm(formdata=None, data={"most": services.alone_up_to()})
    return render("console/messages.html", messages=services.latest(), form=form)


@bp.post("/messages/limit")
@requires("console.manage")
def limit_messages() -> ResponseReturnValue:
    """Change to how many people somebody may write alone."""
    form = LimitForm()
    if form.sent():
        services.change_alone_up_to(given(form.most))
        flash(_("The limit is saved."), "ok")
        return redirect(url_for(".messages"), 303)
    return render("console/messages.html", messages=services.latest(), form=form), 422


@bp.route("/messages/new", methods=["GET", "POST"])
@requires(WRITE)
def new_message() -> ResponseReturnValue:
    """Write a message."""
    form = MessageForm.of(None)
    if form.sent():
        message = services.write(_me(), form.subject.data, form.text.data, form.whom)
        return redirect(url_for(".message", message_id=message.id), 303)
    return render("console/message_form.html", form=form, message=None), form.status


@bp.get("/messages/<uuid:message_id>")
@requires(WRITE)
def message(message_id: UUID) -> ResponseReturnValue:
    """Show a message as people get it, whom it is for, and what can be done."""
    found = services.get(message_id)
    recipients = found.recipients if found.recipients is not None else number(found.whom)
    return render(
        "console/message.html",
        message=found,
        recipients=recipients,
        needs_second=services.second_is_needed(recipients),
        mine=found.written_by == _me(),
        writer=_name(found.written_by),
        releaser=_name(found.released_by),
        mark=services.mark(found),
        language_names=LANGUAGES,
        districts=district_names(),
    )


@bp.route("/messages/<uuid:message_id>/edit", methods=["GET", "POST"])
@requires(WRITE)
def edit_message(message_id: UUID) -> ResponseReturnValue:
    """Change a message that is not sent."""
    found = services.get(message_id, locked=request.method == "POST")
    form = MessageForm.of(found)
    if form.sent():
        services.change(found, _me(), form.subject.data, form.text.data, form.whom)
        return redirect(url_for(".message", message_id=found.id), 303)
    return render("console/message_form.html", form=form, message=found), form.status


@bp.post("/messages/<uuid:message_id>/try")
@requires(WRITE)
def try_message(message_id: UUID) -> ResponseReturnValue:
    """Send the message to its writer only."""
    limit("message-trial", "20 per hour", str(_me()))
    services.try_out(services.get(message_id), _me())
    flash(_("The message is on its way to you, and to nobody else."), "ok")
    return _back(message_id)


@bp.post("/messages/<uuid:message_id>/ask")
@requires(WRITE)
def ask_message(message_id: UUID) -> ResponseReturnValue:
    """Ask another person to look at the message."""
    services.ask(services.get(message_id, locked=True))
    flash(_("The message waits for somebody else to read and send it."), "ok")
    return _back(message_id)


@bp.post("/messages/<uuid:message_id>/send")
@requires(WRITE)
def send_message(message_id: UUID) -> ResponseReturnValue:
    """Send the message."""
    found = services.get(message_id, locked=True)
    told = services.send(found, _me(), request.form.get("mark", ""))
    flash(ngettext("The message goes to %(num)s person.", "The message goes to %(num)s people.", told), "ok")
    return _back(message_id)


@bp.route("/messages/<uuid:message_id>/delete", methods=["GET", "POST"])
@requires(WRITE)
def delete_message(message_id: UUID) -> ResponseReturnValue:
    """Ask, then delete a message that is not sent."""
    sent = Form().sent()
    found = services.get(message_id, locked=sent)
    if not sent and found.state is not State.SENT:
        return render("console/message_delete.html", message=found)
    services.drop(found)
    flash(_("The message is deleted."), "ok")
    return redirect(url_for(".messages"), 303)


def _back(message_id: UUID) -> ResponseReturnValue:
    return redirect(url_for(".message", message_id=message_id), 303)


def _name(account_id: UUID | None) -> str:
    person = db.session.get(Account, account_id) if account_id else None
    return person.name if person else ""


def _me() -> UUID:
    person = current_account()
    if person is None:
        raise Forbidden(_("Messages are written by the people who work for the city."))
    return person.id
