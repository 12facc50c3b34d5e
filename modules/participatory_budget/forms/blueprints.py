"""A new edition from a blueprint, or like another one."""

from flask_wtf.file import FileField
from wtforms import Field, StringField
from wtforms.validators import ValidationError

from app.sdk import Form, LocalizedField, _, _l, at_most, in_first_language

from .dates import DayField
from .fields import free_address


class LikeForm(Form):
    """What is new about an edition that is made like another one."""

    title = LocalizedField(
        _l("Title"), [in_first_language(_l("Write the title (%(language)s)."))], longest=160
    )
    slug = StringField(_l("Address"), [at_most(80), free_address])
    begins_on = DayField(_l("First day of its calendar"))


class BlueprintForm(LikeForm):
    """The same with a file, which has to be chosen anew each time, as browsers want it."""

    file = FileField(_l("File"))

    def validate_file(self, field: Field) -> None:
        """Ask for the file."""
        if not field.data:
            raise ValidationError(_("Choose the file with the blueprint."))
