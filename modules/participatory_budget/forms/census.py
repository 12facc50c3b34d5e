"""The census as staff upload it."""

from flask_wtf.file import FileField
from wtforms import Field, StringField, TextAreaField
from wtforms.validators import Optional, ValidationError

from app.sdk import Form, _, _l, at_most, required

from ..rules.statistics.ages import NAMES
from ..rules.statistics.census import PEOPLE, Census, Flaw, WrongCensus, read

MOST_BYTES = 512 * 1024


class CensusForm(Form):
    """A table of people, as a file or typed in; and where it comes from."""

    file = FileField(_l("CSV file"), [Optional()])
    table = TextAreaField(_l("Or the table itself"), [Optional(), at_most(MOST_BYTES)])
    source = StringField(
        _l("Where the figures come from"),
        [required(_l("Write where the figures come from, and of which year.")), at_most(200)],
    )
    census: Census | None = None

    def validate_table(self, field: Field) -> None:
        """Read what was sent; the file counts, and is kept as text so that it need not be chosen again."""
        if self.file.data:
            content = self.file.data.stream.read(MOST_BYTES + 1)
            if len(content) > MOST_BYTES:
                raise ValidationError(
                    _("The file is too large for a census by groups. Send sums, not people.")
                )
            field.data = _decoded(content)
        if not (field.data or "").strip():
            raise ValidationError(_("Choose a file, or paste the table."))
        try:
            self.census = read(field.data)
        except WrongCensus as wrong:
            raise ValidationError(_text(wrong)) from wrong


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _text(wrong: WrongCensus) -> str:
    match wrong.flaw:
        case Flaw.EMPTY:
            return _("There is no table: the first line names the columns, each other line is a group.")
        case Flaw.TOO_LONG:
            return _("The table has too many lines. Send sums, not people.")
        case Flaw.NO_PEOPLE:
            return _("Line 1: a column “%(column)s” is missing.", column=PEOPLE)
        case Flaw.NOTHING_TO_COUNT_BY:
            return _("Line 1: name at least one of the columns district, age and sex.")
        case Flaw.UNKNOWN_COLUMN:
            return _(
                "Line 1: nobody knows the column “%(column)s”. The columns are district, age, sex and people.",
                column=wrong.value,
            )
        case Flaw.NOT_A_NUMBER:
            return _("Line %(line)s: “%(value)s” is no number of people.", line=wrong.line, value=wrong.value)
        case Flaw.UNKNOWN_AGE:
            return _(
                "Line %(line)s: “%(value)s” is none of the age classes %(classes)s.",
                line=wrong.line,
                value=wrong.value,
                classes=", ".join(NAMES),
            )
        case Flaw.MISSING_VALUE:
            return _(
                "Line %(line)s: the column %(column)s is empty or too long.",
                line=wrong.line,
                column=wrong.value,
            )
