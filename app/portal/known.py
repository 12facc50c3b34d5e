"""What the city knows about a person: telling it, having it checked, proving it by a list or a letter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import StringField

from app.accounts import Account, me, sign_in_required
from app.accounts.attributes import holding, kinds, services
from app.accounts.attributes.models import PersonAttribute
from app.accounts.attributes.rules import Level
from app.accounts.attributes.wording import level_name
from app.accounts.rolls import services as rolls
from app.accounts.rolls.models import RollKind
from app.accounts.rolls.normal import Field
from app.core.clock import now
from app.core.errors import Conflict, Invalid, ServiceError
from app.core.i18n import gettext as _
from app.portal.account_menu import ENTRIES, AccountPage, account_blueprint, account_page
from app.web.attributes import field_label, typed_form, typed_in, value_form
from app.web.forms import Form, at_most, given, required
from app.web.limits import limit
from app.web.throttle import network

bp = account_blueprint("portal_known", __name__, "/known")
# Declares what is kept; nothing else imports it.
HOLDING = holding


class CodeForm(Form):
    """The code from a letter."""

    code = StringField(
        _l("Code"),
        [required(_l("Type the code from the letter.")), at_most(40)],
        description=_l("Like ABCD-EFGH-JKLM."),
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One attribute as the page shows it; `said` is what the person herself said."""

    kind: kinds.Kind
    value: str
    level: Level | None
    how: str
    until: datetime | None
    said: PersonAttribute | None


@bp.get("")
@sign_in_required
def overview() -> ResponseReturnValue:
    """Show what is known, how surely, and what can be done about it."""
    return _overview(CodeForm(formdata=None, data={"code": request.args.get("code", "")[:40]}))


@bp.post("/code")
@sign_in_required
def redeem() -> ResponseReturnValue:
    """Use a code from a letter."""
    account, form = me(), CodeForm()
    if form.sent():
        _count_try(account)
        try:
            proven = rolls.redeem(account, given(form.code))
        except (Invalid, Conflict) as error:
            form.refuse(form.code, error)
        else:
            return _proven(proven)
    return _overview(form), 422


@bp.route("/list/<uuid:roll_id>", methods=["GET", "POST"])
@sign_in_required
def by_list(roll_id: UUID) -> ResponseReturnValue:
    """Find oneself on a list of residents."""
    account, roll = me(), rolls.list_of_people(roll_id)
    form, problem = typed_form(roll.fields), ""
    if form.sent():
        _count_try(account)
        try:
            return _proven(rolls.prove(account, roll_id, typed_in(form, roll.fields)))
        except (Invalid, Conflict) as error:
            problem = str(error)
    page = account_page("portal/known/list.html", form=form, roll=roll, problem=problem)
    return page, 422 if problem else form.status


@bp.route("/<attribute>", methods=["GET", "POST"])
@sign_in_required
def tell(attribute: str) -> ResponseReturnValue:
    """Say something about oneself."""
    account, kind = me(), kinds.kind_of(attribute)
    line = _line(kind, services.of_account(account.id, [attribute]))
    form = value_form(kind, line.said.value if line.said else "")
    if not form.sent():
        return account_page("portal/known/tell.html", form=form, line=line), form.status
    services.declare(account, attribute, form.value.data)
    flash(_("The city knows it now, as you have said it."), "ok")
    return redirect(url_for(".overview"), 303)


@bp.post("/<attribute>/forget")
@sign_in_required
def take_back(attribute: str) -> ResponseReturnValue:
    """Take back what one has said."""
    services.take_back(me(), attribute)
    flash(_("What you had said is deleted."), "ok")
    return redirect(url_for(".overview"), 303)


@bp.post("/<attribute>/check")
@sign_in_required
def ask(attribute: str) -> ResponseReturnValue:
    """Ask the city to check what one has said."""
    try:
        services.ask_for_check(me(), attribute)
    except ServiceError as error:
        flash(str(error), "warn")
    else:
        flash(_("Come to a counter of the city with a document. They see that you have asked."), "ok")
    return redirect(url_for(".overview"), 303)


def _overview(form: CodeForm) -> str:
    known, found = services.of_account(me().id), kinds.kinds()
    lists = rolls.in_use(RollKind.PEOPLE)
    return account_page(
        "portal/known/overview.html",
        form=form,
        lines=[_line(kind, [one for one in known if one.attribute == kind.key]) for kind in found.values()],
        lists=lists,
        has_codes=bool(rolls.in_use(RollKind.CODES)) or bool(form.code.data),
        found_by={one.id: ", ".join(field_label(Field(name)) for name in one.fields) for one in lists},
    )


def _line(kind: kinds.Kind, statements: Sequence[PersonAttribute]) -> Line:
    found = services.counted(statements, now()).get(kind.key)
    said = next((one for one in statements if one.level is Level.SELF), None)
    if found is None:
        return Line(kind, "", None, "", None, said)
    value = kinds.words_of(kind.key, found.value, {kind.key: kind})
    return Line(kind, value, found.level, _how(found.level), found.expires_at, said)


def _how(level: Level) -> str:
    return _("said by you") if level is Level.SELF else level_name(level)


def _proven(attributes: Sequence[str]) -> ResponseReturnValue:
    titles = [kind.title for key, kind in kinds.kinds().items() if key in attributes]
    flash(_("Proven: %(what)s.", what=", ".join(titles)), "ok")
    return redirect(url_for(".overview"), 303)


def _count_try(account: Account) -> None:
    """Count one try to prove something: whoever knows a neighbour's name must not find her birth date by trying."""
    limit("prove", "5 per 10 minutes", str(account.id))
    limit("prove-day", "20 per day", str(account.id))
    limit("prove-network", "60 per day", network())


ENTRIES.append(
    AccountPage(
        _l("What the city knows"),
        _l("Address, age, school: what you have said and what is proven."),
        "portal_known.overview",
        "badge-check",
    )
)
