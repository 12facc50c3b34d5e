"""What staff may type, and the picture that comes with it."""

from typing import Self

from flask_wtf.file import FileField
from wtforms import BooleanField, Field, HiddenField, IntegerField
from wtforms.validators import Optional, ValidationError

from app.sdk import (
    LANGUAGES,
    Form,
    LocalizedField,
    NotFound,
    ServiceError,
    _,
    _l,
    image_size,
    in_first_language,
    offered,
    store_image,
)

from .rules import Draft


class ArticleForm(Form):
    """One article; a picture that was accepted stays, whatever else has to be corrected."""

    title = LocalizedField(
        _l("Title"), [in_first_language(_l("Write the title (%(language)s)."))], longest=160
    )
    summary = LocalizedField(_l("Summary"), [Optional()], longest=400)
    body = LocalizedField(_l("Text"), [Optional()], longest=20_000)
    picture = FileField(_l("Picture"), [Optional()])
    kept_picture = HiddenField()
    remove_picture = BooleanField(_l("Show no picture"))
    picture_alt = LocalizedField(_l("What the picture shows"), longest=300)
    version = IntegerField(validators=[Optional()])
    preview = BooleanField()

    refusal = 422

    @classmethod
    def of(cls, draft: Draft, version: int) -> Self:
        """Return the form filled with what is saved, or with what came in."""
        return cls(data={**draft.texts, "kept_picture": draft.picture or "", "version": version})

    @property
    def status(self) -> int:
        """Return 413 when the picture was too large, else what every form says."""
        return self.refusal if super().status != 200 else 200

    @property
    def shown_picture(self) -> str | None:
        """Return the name of the picture the article will have."""
        return None if self.remove_picture.data else self.kept_picture.data or None

    @property
    def may_be_previewed(self) -> bool:
        """Tell whether a preview was asked for and there is nothing to correct first."""
        return bool(self.preview.data and not self.errors)

    def draft(self) -> Draft:
        """Return what was typed."""
        return Draft(
            self.title.data,
            self.summary.data,
            self.body.data,
            self.shown_picture,
            self.picture_alt.data,
        )

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
