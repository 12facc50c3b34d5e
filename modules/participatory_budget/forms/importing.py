"""An edition from a file."""

from flask_wtf.file import FileField
from wtforms import Field, StringField
from wtforms.validators import Optional, ValidationError

from app.sdk import Form, LocalizedField, _, _l, at_most

from ..services.importing import ImportTexts
from .fields import WholeNumberField, free_address, from_one


class ImportForm(Form):
    """What is asked besides the file; the file itself has to be chosen anew each time, as browsers want it."""

    file = FileField(_l("File"))
    title = LocalizedField(_l("Title"), [Optional()], longest=160)
    slug = StringField(_l("Address"), [at_most(80), free_address])
    max_per_category = WholeNumberField(_l("Most choices in one category"), [Optional(), from_one])

    def validate_file(self, field: Field) -> None:
        """Ask for the file."""
        if not field.data:
            raise ValidationError(_("Choose the file with the ballots."))

    def texts(self) -> ImportTexts:
        """Return what was typed."""
        return ImportTexts(self.slug.data or "", self.title.data, max_per_category=self.max_per_category.data)
