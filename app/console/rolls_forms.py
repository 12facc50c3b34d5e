"""Forms about lists of residents and codes for letters."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms import Field as FormField
from wtforms.fields import SelectChoice
from wtforms.validators import NumberRange, Optional, ValidationError

from app.accounts.attributes.kinds import DISTRICT, LIVES, SCHOOL, WORKS, Type, kinds
from app.accounts.attributes.rules import YES, read_day
from app.accounts.rolls.codes import MOST
from app.accounts.rolls.importing import Wish
from app.accounts.rolls.models import Roll
from app.accounts.rolls.normal import Field
from app.accounts.rolls.reading import MOST_COLUMNS, Columns, Preview
from app.core.clock import from_local, today
from app.core.i18n import gettext as _
from app.web.attributes import field_label
from app.web.forms import Form, WholeNumberField, at_most, given, required

SHEETS, FILE = "sheets", "file"
USUAL_DAYS = 90


class FileForm(Form):
    """A file with a list; it has to be chosen anew for the import, as nothing of it is kept between the two pages."""

    file = FileField(_l("CSV file"))

    def validate_file(self, field: FormField) -> None:
        """Ask for the file."""
        if not field.data:
            raise ValidationError(_("Choose the file with the list."))


class RollForm(FileForm):
    """How a list is to be read, and what being on it proves."""

    title = StringField(_l("What the list is called"), [required(), at_most(160)])
    header = SelectMultipleField(validate_choice=False)
    number = SelectField(validate_choice=False)
    family_name = SelectField(validate_choice=False)
    given_name = SelectField(validate_choice=False)
    birth_date = SelectField(validate_choice=False)
    postcode = SelectField(validate_choice=False)
    month_first = BooleanField(_l("Dates have the month first: 12/31/1990"))
    carried = SelectField(_l("What that column says"), validate_choice=False)
    carried_column = SelectField(_l("Column with something of each person's own"), validate_choice=False)
    grants = SelectMultipleField(_l("What being on the list proves"))
    replaces = SelectField(_l("It replaces"), validate_choice=False)
    ends_on = StringField(
        _l("Last day"), [Optional()], description=_l("Without one it counts until it is replaced.")
    )
    leave_out_wrong = BooleanField(_l("Leave out lines that cannot be used"))

    def __init__(self, rolls: Sequence[Roll], preview: Preview | None = None) -> None:
        data = {field.value: name for field, name in preview.guessed.items()} if preview else None
        super().__init__(**({"formdata": None, "data": data} if preview else {}))
        if preview is not None:
            self.header.data = list(preview.header)
        names = [name for name in (self.header.data or [])[:MOST_COLUMNS] if name]
        columns = [SelectChoice("", _("Not in the list")), *(SelectChoice(name, name) for name in names)]
        for one in self.column_fields:
            one.choices = columns
            one.label.text = field_label(Field(one.name))
        self.carried_column.choices = columns
        own = [kind for kind in kinds().values() if kind.key in (DISTRICT, SCHOOL) or kind.own]
        self.carried.choices = [SelectChoice("", _("Nothing")), *(SelectChoice(k.key, k.title) for k in own)]
        self.grants.choices = constant_grants()
        if preview is not None:
            self.grants.data = [f"{LIVES}={YES}"]
        known = [SelectChoice(str(one.id), one.title) for one in rolls]
        self.replaces.choices = [SelectChoice("", _("No other list")), *known]

    @property
    def column_fields(self) -> list[SelectField]:
        """Return the fields that name a column."""
        return [self[field.value] for field in Field]

    def validate_ends_on(self, field: FormField) -> None:
        """Refuse what is no day to come."""
        _must_come(field)

    def wish(self) -> Wish:
        """Return what was asked for."""
        named = {Field(one.name): one.data for one in self.column_fields if one.data}
        return Wish(
            title=given(self.title).strip(),
            columns=Columns(named, self.carried_column.data or "", bool(self.month_first.data)),
            grants=granted(self.grants.data or ()),
            carried=self.carried.data or "",
            replaces=_uuid(self.replaces.data),
            ends_at=end_of(self.ends_on.data),
            leave_out_wrong=bool(self.leave_out_wrong.data),
        )


class CodesForm(Form):
    """How many codes, and what they prove."""

    title = StringField(
        _l("What the letters are for"),
        [required(), at_most(160)],
        description=_l("For example: 11th district, spring 2027."),
    )
    number = WholeNumberField(
        _l("How many letters"),
        [required(_l("Write how many.")), NumberRange(1, MOST, _l("Enter a number from 1 to 20,000."))],
    )
    grants = SelectMultipleField(_l("What a code proves"), [required(_l("Choose what a code proves."))])
    ends_on = StringField(_l("Codes work until"), [required(_l("Choose a day."))])
    form = RadioField(_l("How you get them"), default=FILE)

    def __init__(self, **values: object) -> None:
        usual = (today() + timedelta(days=USUAL_DAYS)).isoformat()
        super().__init__(**{"ends_on": usual, **values})
        self.grants.choices = constant_grants()
        self.form.choices = [
            SelectChoice(FILE, _("A CSV file, to merge into letters")),
            SelectChoice(SHEETS, _("A page to print, with a QR code for each letter")),
        ]

    def validate_ends_on(self, field: FormField) -> None:
        """Refuse what is no day to come."""
        _must_come(field)


def constant_grants() -> list[SelectChoice]:
    """Return what can be proven of everybody alike: lives or works here, a district, an answer of the city's own."""
    found = []
    for kind in kinds().values():
        if kind.type not in (Type.YES_NO, Type.CHOICE):
            continue
        values = [YES] if kind.type is Type.YES_NO and not kind.own else list(kind.options)
        for value in values:
            text = kind.title if kind.key in (LIVES, WORKS) else f"{kind.title}: {kind.words(value)}"
            found.append(SelectChoice(f"{kind.key}={value}", text))
    return found


def granted(chosen: Sequence[str]) -> Mapping[str, str]:
    """Return what was ticked as attribute → value; of two values of one attribute the last counts."""
    return {name: value for name, _sign, value in (one.partition("=") for one in chosen)}


def end_of(text: str | None) -> datetime | None:
    """Return the instant at which a day ends in the city; None for no day."""
    day = read_day(text or "")
    return from_local(datetime.combine(day + timedelta(days=1), time())) if day else None


def _must_come(field: FormField) -> None:
    day = read_day(field.data or "")
    if field.data and (day is None or day < today()):
        raise ValidationError(_("Choose a day that is still to come."))


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
