"""The picture of a form: kept once it was accepted, whatever else has to be corrected."""

from wtforms import Field
from wtforms.validators import ValidationError

from app.core.errors import NotFound, ServiceError
from app.core.i18n import LANGUAGES, offered
from app.core.i18n import gettext as _
from app.services.files import image_size, store_image
from app.web.forms import Form


class PictureForm(Form):
    """Base of a form with a picture.

    The form declares `picture` (FileField), `kept_picture` (HiddenField), `remove_picture` (BooleanField) and
    `picture_alt` (LocalizedField), each at its place on the page.
    """

    refusal = 422

    @property
    def status(self) -> int:
        """Return 413 when the picture was too large, else what every form says."""
        return self.refusal if super().status != 200 else 200

    @property
    def shown_picture(self) -> str:
        """Return the name of the picture there will be; nothing when there will be none."""
        return "" if self.remove_picture.data else self.kept_picture.data or ""

    def validate_picture(self, field: Field) -> None:
        """Store what was chosen at once, so that it need not be chosen again."""
        if not field.data:
            return
        try:
            self.kept_picture.data = store_image(field.data.stream)
        except ServiceError as error:
            self.refusal = error.status
            raise ValidationError(str(error)) from error
        self.remove_picture.data = False

    def validate_kept_picture(self, field: Field) -> None:
        """Forget a name under which this city keeps no picture."""
        if field.data:
            try:
                image_size(field.data)
            except NotFound:
                field.data = ""

    def validate_picture_alt(self, field: Field) -> None:
        """Ask for a description as soon as there is a picture."""
        first = offered()[0]
        if self.shown_picture and first not in field.data:
            raise ValidationError(_("Say what the picture shows (%(language)s).", language=LANGUAGES[first]))
