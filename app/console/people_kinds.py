"""What the city asks its residents for: attributes of its own, and for how long what was checked counts."""

import re

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import NumberRange, Optional

from app.accounts.attributes import kinds
from app.accounts.attributes.rules import Level
from app.console.blueprint import bp
from app.core.errors import ServiceError
from app.core.i18n import gettext as _
from app.core.i18n import offered
from app.core.text import Localized
from app.web.forms import Form, WholeNumberField, at_most, given, required
from app.web.gates import requires
from app.web.localized import LocalizedField, in_first_language
from app.web.page import render


class KindForm(Form):
    """An attribute of the city's own."""

    title = LocalizedField(
        _l("What it is called"),
        [in_first_language(_l("Write what it is called (%(language)s)."))],
        longest=120,
    )
    key = StringField(
        _l("Short name"),
        [required(), at_most(40)],
        description=_l("Lower-case letters, digits and _. It stays for good, for example dog_owner."),
    )
    type = RadioField(_l("Kind of answer"), [required(_l("Choose the kind of answer."))])
    answers = TextAreaField(
        _l("Answers to choose from"),
        [Optional(), at_most(8_000)],
        description=_l("One on each line, where an answer is chosen from a list."),
    )

    def __init__(self, **values: object) -> None:
        super().__init__(**{"type": kinds.Type.YES_NO.value, **values})
        self.type.choices = [
            SelectChoice(kinds.Type.YES_NO.value, _("Yes or no")),
            SelectChoice(kinds.Type.CHOICE.value, _("One of a list")),
            SelectChoice(kinds.Type.TEXT.value, _("A short text")),
        ]

    def options(self) -> dict[str, Localized]:
        """Return the answers by a short name, in the city's first language."""
        lines = [" ".join(line.split()) for line in (self.answers.data or "").splitlines()]
        found = [line for line in lines if line]
        if kinds.Type(self.type.data) is not kinds.Type.CHOICE:
            return {}
        return {
            _short(line) or f"answer_{place}": {offered()[0]: line} for place, line in enumerate(found, 1)
        }


_MONTHS = _l("Enter a number of months from %(min)d to %(max)d.")


class MonthsForm(Form):
    """For how long what was checked counts."""

    staff = WholeNumberField(
        _l("Months after a document was seen"), [required(), NumberRange(1, kinds.MOST_MONTHS, _MONTHS)]
    )
    code = WholeNumberField(
        _l("Months after a code was used"), [required(), NumberRange(1, kinds.MOST_MONTHS, _MONTHS)]
    )


@bp.route("/people/attributes", methods=["GET", "POST"])
@requires("console.manage")
def attributes() -> ResponseReturnValue:
    """Show what the city asks for; add something of its own."""
    form = KindForm()
    if form.sent():
        try:
            kinds.add_own(
                given(form.key).strip(), form.title.data, kinds.Type(given(form.type)), form.options()
            )
        except ServiceError as error:
            form.refuse(form.answers if "answers" in str(error) else form.key, error)
        else:
            flash(_("Residents can tell it from now on, and rules can ask for it."), "ok")
            return redirect(url_for(".attributes"), 303)
    return _page(form, _months())


@bp.post("/people/attributes/months")
@requires("console.manage")
def attribute_months() -> ResponseReturnValue:
    """Say for how long what is checked counts."""
    form = MonthsForm()
    if not form.sent():
        return _page(KindForm(formdata=None), form)
    kinds.set_months({Level.STAFF: given(form.staff), Level.CODE: given(form.code)})
    flash(_("What is checked from now on counts for as long."), "ok")
    return redirect(url_for(".attributes"), 303)


@bp.post("/people/attributes/<key>/remove")
@requires("console.manage")
def remove_attribute(key: str) -> ResponseReturnValue:
    """Stop asking for something."""
    kinds.remove_own(key)
    flash(_("The city no longer asks for it. Rules that need it let nobody new in."), "ok")
    return redirect(url_for(".attributes"), 303)


def _page(form: KindForm, months: MonthsForm) -> ResponseReturnValue:
    page = render(
        "console/attributes.html",
        form=months if months.errors else form,
        kind_form=form,
        months=months,
        kinds=kinds.kinds().values(),
        types={choice.value: choice.label for choice in form.type.choices} | {"date": _("A date")},
    )
    return page, max(form.status, months.status)


def _months() -> MonthsForm:
    found = kinds.months()
    return MonthsForm(formdata=None, data={"staff": found[Level.STAFF], "code": found[Level.CODE]})


def _short(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")[:60]
