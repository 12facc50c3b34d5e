"""Forms about what is known of a person: one answer of whatever kind, and what a list asks for."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import Field as FormField
from wtforms import RadioField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from app.accounts.attributes.kinds import LONGEST, Kind, Type
from app.accounts.rolls.normal import Field
from app.core.errors import Invalid
from app.core.i18n import gettext as _
from app.web.forms import Form, at_most, required

MOST_RADIOS = 6


def value_form(kind: Kind, value: str = "") -> Form:
    """Return a form that asks for one attribute in a field `value`."""

    class ValueForm(Form):
        def validate_value(self, field: FormField) -> None:
            """Refuse what cannot be an answer."""
            try:
                kind.clean(field.data or "")
            except Invalid as error:
                raise ValidationError(str(error)) from error

    ValueForm.value = _field(kind)
    return ValueForm(data={"value": value})


def typed_form(fields: Sequence[str]) -> Form:
    """Return a form that asks for what a list says about people."""

    class TypedForm(Form):
        """What a person types to be found on a list."""

    for name in fields:
        setattr(TypedForm, name, StringField(field_label(Field(name)), [required(), at_most(160)]))
    return TypedForm()


def typed_in(form: Form, fields: Sequence[str]) -> dict[Field, str]:
    """Return what was typed."""
    return {Field(name): form[name].data or "" for name in fields}


def field_label(field: Field) -> str:
    """Return what a field of a list is called."""
    return {
        Field.NUMBER: _("Number on the voter's card or letter"),
        Field.FAMILY_NAME: _("Family name"),
        Field.GIVEN_NAME: _("First given name"),
        Field.BIRTH_DATE: _("Birth date"),
        Field.POSTCODE: _("Postcode"),
    }[field]


def _field(kind: Kind) -> FormField:
    if kind.type is Type.TEXT:
        return StringField(kind.title, [required(), at_most(LONGEST)])
    if kind.type is Type.DATE:
        return StringField(kind.title, [required(_l("Enter the date."))])
    choices = [SelectChoice(value, words) for value, words in kind.options.items()]
    if len(choices) <= MOST_RADIOS:
        return RadioField(kind.title, [required(_l("Choose one of the answers."))], choices=choices)
    return SelectField(kind.title, choices=[SelectChoice("", _("Choose")), *choices])
