"""Tokens with which other programs come in: list, make, show once, revoke."""

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectMultipleField, StringField
from wtforms.fields import SelectChoice

from app.accounts import tokens
from app.accounts.current import current_person, may
from app.accounts.permissions import permitted
from app.accounts.stepping_up import fresh
from app.console.blueprint import bp
from app.core.context import SYSTEM, current_city
from app.core.errors import ServiceError
from app.core.i18n import gettext as _
from app.web.forms import Form, at_most, given, required
from app.web.gates import requires
from app.web.page import render
from app.web.rest.endpoints import scopes_for
from app.web.rest.paths import ROOT

DAYS = (("30", _l("30 days")), ("90", _l("90 days")), ("365", _l("One year")))


class TokenForm(Form):
    """A program's name, what it may do, and until when."""

    name = StringField(
        _l("Name of the program"),
        [required(), at_most(tokens.NAME_LENGTH)],
        description=_l("The audit log names what the program does by it."),
    )
    scopes = SelectMultipleField(_l("What it may do"), [required(_l("Choose at least one."))])
    days = RadioField(_l("How long the token works"), [required()], default="90")

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self.scopes.choices = [SelectChoice(name, label) for name, label in _grantable().items()]
        self.days.choices = [SelectChoice(value, str(label)) for value, label in DAYS]


@bp.get("/programs/")
@requires("console.api")
def programs() -> str:
    """List the tokens, and lead to the webhooks."""
    return render("console/tokens.html", tokens=tokens.tokens(), labels=_labels(), page=f"{ROOT}/")


@bp.route("/programs/new", methods=["GET", "POST"])
@requires("console.api")
@fresh
def new_token() -> ResponseReturnValue:
    """Make a token and show it, this once."""
    form = TokenForm()
    if form.sent():
        try:
            token, secret = tokens.issue(
                given(form.name),
                form.scopes.data or [],
                days=int(given(form.days)),
                by=current_person() or SYSTEM,
            )
        except ServiceError as error:
            form.refuse(form.name, error)
        else:
            answer = render("console/token_made.html", token=token, secret=secret, labels=_labels())
            return answer, {"Cache-Control": "no-store"}
    return render("console/token_new.html", form=form), form.status


@bp.route("/programs/<uuid:token_id>/revoke", methods=["GET", "POST"])
@requires("console.api")
def revoke_token(token_id: UUID) -> ResponseReturnValue:
    """Ask, then end a token."""
    token = tokens.token_of(token_id)
    if Form().sent():
        tokens.revoke(token_id)
        flash(_("The token “%(name)s” no longer works.", name=token.name), "ok")
        return redirect(url_for(".programs"), 303)
    return render("console/token_revoke.html", token=token)


def _labels() -> dict[str, str]:
    return {name: _(str(label)) for name, label in scopes_for(current_city().modules).items()}


def _grantable() -> dict[str, str]:
    """Return the scopes that the one signed in can give: nobody gives a program more than she may herself."""
    return {name: label for name, label in _labels().items() if _may_grant(name)}


def _may_grant(scope: str) -> bool:
    try:
        permitted(scope)
    except LookupError:
        return may("console.manage")
    return may(scope)
