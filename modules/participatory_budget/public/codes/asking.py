"""Asking for a code by mail or text message."""

from collections.abc import Mapping
from uuid import UUID

from flask import Response, abort, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from wtforms import DateField, SelectField, StringField
from wtforms.validators import Optional

from app.sdk import (
    AttributeKind,
    AttributeType,
    Form,
    Invalid,
    _,
    _l,
    at_most,
    current_account,
    given,
    ngettext,
    picked,
    render,
    required,
)

from ...models import Edition
from ...rules.codes import CodeError, UnknownSignError, WrongLengthError
from ...rules.ways import Way
from ...services import access, box, doubts, editions
from ...services.codes import asking, entering
from ...services.eligibility import who_can_vote
from ..ballot_frame import private
from ..blueprint import bp
from ..voters import voting_now

ASKED = "participatory_budget_asked"
PREFIX = "said_"
WAYS = {"mail": Way.MAIL, "sms": Way.SMS}


class CodeForm(Form):
    """A code as it was sent, printed or handed over."""

    code = StringField(_l("Code"), [required(_l("Type the code.")), at_most(40)])


@bp.route("/<slug>/vote/code/<way>", methods=["GET", "POST"])
def ask_code(slug: str, way: str) -> ResponseReturnValue:
    """Send a code to a mail address or a telephone; the answer is the same for every one."""
    edition, chosen = editions.by_slug(slug), WAYS.get(way) or abort(404)
    box.must_be_open(edition)
    if voting_now(edition) is not None:
        return redirect(url_for(".vote", slug=slug))
    if chosen not in access.open_codes(edition):
        return redirect(url_for(".ways", slug=slug))
    kinds = entering.asked_of(edition)
    form = _form(chosen, kinds)
    if not form.sent() or current_account() is not None:
        return _ask_page(edition, chosen, form, kinds), form.status
    try:
        said = entering.said(edition, _answers(form, kinds))
        entering.must_meet_rule(edition, said)
        asked = asking.ask(edition, chosen, given(form.address), said)
    except Invalid as error:
        form.refuse(form.address, error)
        return _ask_page(edition, chosen, form, kinds), 422
    session[ASKED] = [str(edition.id), str(asked.ident), chosen.value]
    return redirect(url_for(".type_code", slug=slug), 303)


@bp.route("/<slug>/vote/code", methods=["GET", "POST"])
def type_code(slug: str) -> ResponseReturnValue:
    """Take the code that was sent, and open the ballot."""
    edition = editions.by_slug(slug)
    box.must_be_open(edition)
    if voting_now(edition) is not None:
        return redirect(url_for(".vote", slug=slug))
    asked, form = _asked(edition), CodeForm()
    if asked is None:
        return redirect(url_for(".ways", slug=slug))
    again = url_for(".ask_code", slug=slug, way=asked.way.value)
    if not form.sent():
        return _code_page(edition, asked, form), form.status
    network = doubts.network_of(request.remote_addr)
    try:
        reached = asking.check(edition, asked, given(form.code))
    except CodeError as error:
        form.code.errors = [code_words(error)]
        return _code_page(edition, asked, form), 422
    if reached is None:
        doubts.failed(edition, network)
        good = asking.is_good(edition, asked)
        # A redirect, not a refusal: what a refused page has written is not kept, and the try must count.
        session[WRONG] = _(
            "This is not the code of the last message, or it is too old. Compare it letter by letter."
        )
        return redirect(url_for(".type_code", slug=slug) if good else again, 303)
    entering.by_address(edition, reached, network)
    return redirect(url_for(".vote", slug=slug), 303)


WRONG = "participatory_budget_wrong_code"


def wrong_code() -> str:
    """Return once what was wrong with the code that was typed last."""
    return str(session.pop(WRONG, ""))


def code_words(error: CodeError) -> str:
    """Return what is wrong with what was typed as a code."""
    if isinstance(error, UnknownSignError):
        return _(
            "Codes have no “%(sign)s”: only the digits 2 to 9, and letters without I, L and O.",
            sign=error.sign,
        )
    if isinstance(error, WrongLengthError):
        return ngettext(
            "The code has %(wanted)s signs, and this is %(num)d.",
            "The code has %(wanted)s signs, and these are %(num)d.",
            error.found,
            wanted=error.wanted,
        )
    return _("One of the signs is wrong. Compare the code letter by letter.")


def _form(way: Way, kinds: list[AttributeKind]) -> Form:
    """Return the form for an address and for what the rule asks for."""
    label, missing, hint = {
        Way.MAIL: (_("E-mail address"), _("Type your e-mail address."), ""),
        Way.SMS: (_("Mobile telephone"), _("Type your number."), _("For example +33 6 12 34 56 78.")),
    }[way]
    fields: dict[str, object] = {
        "address": StringField(label, [required(missing), at_most(254)], description=hint)
    }
    for kind in kinds:
        fields[PREFIX + kind.key] = _field(kind)
    made: Form = type("AskForm", (Form,), fields)()
    return made


def _field(kind: AttributeKind) -> object:
    if kind.type is AttributeType.DATE:
        return DateField(kind.title, [Optional()])
    if kind.type is AttributeType.TEXT:
        return StringField(kind.title, [at_most(160)])
    options = [("", _("Please choose")), *kind.options.items()]
    return SelectField(kind.title, choices=options, validators=[Optional()])


def _answers(form: Form, kinds: list[AttributeKind]) -> Mapping[str, str]:
    found = {kind.key: form[PREFIX + kind.key].data for kind in kinds}
    return {key: str(value) for key, value in found.items() if value}


def _ask_page(edition: Edition, way: Way, form: Form, kinds: list[AttributeKind]) -> Response:
    return private(
        render(
            "participatory_budget/public/codes/ask.html",
            edition=edition,
            way=way,
            form=form,
            kinds=[(kind, form[PREFIX + kind.key]) for kind in kinds],
            voters=who_can_vote(edition),
            wrong=wrong_code(),
            account=current_account(),
            title=picked(edition.title).text,
        )
    )


def _code_page(edition: Edition, asked: asking.Asked, form: CodeForm) -> Response:
    return private(
        render(
            "participatory_budget/public/codes/type.html",
            edition=edition,
            form=form,
            kind=asked.way.value,
            action=url_for(".type_code", slug=edition.slug),
            again=url_for(".ask_code", slug=edition.slug, way=asked.way.value),
            minutes=int(asking.LASTS.total_seconds() // 60),
            wrong=wrong_code(),
            account=current_account(),
        )
    )


def _asked(edition: Edition) -> asking.Asked | None:
    kept = session.get(ASKED)
    if not kept or kept[0] != str(edition.id):
        return None
    return asking.Asked(UUID(kept[1]), Way(kept[2]))
