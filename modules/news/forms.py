"""What staff may type, and the picture that comes with it."""

from typing import Self

from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, IntegerField
from wtforms.validators import Optional

from app.sdk import LocalizedField, PictureForm, _l, in_first_language

from .rules import Draft


class ArticleForm(PictureForm):
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

    @classmethod
    def of(cls, draft: Draft, version: int) -> Self:
        """Return the form filled with what is saved, or with what came in."""
        return cls(data={**draft.texts, "kept_picture": draft.picture or "", "version": version})

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
            self.shown_picture or None,
            self.picture_alt.data,
        )
