"""Which past vote to look at, and under which rules."""

from collections.abc import Iterable
from uuid import UUID

from wtforms import SelectField, SelectMultipleField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.sdk import Form, _, _l, picked

from ..models import Edition
from ..services.what_if import LAWS
from ..services.what_if_words import law_name


class WhatIfForm(Form):
    """A past vote and some rules."""

    edition = SelectField(_l("Past vote"))
    laws = SelectMultipleField(_l("Rules to compare"), option_widget=CheckboxInput(), widget=ListWidget())

    def offer(self, editions: Iterable[Edition]) -> None:
        """Fill in what there is to choose from."""
        self.edition.choices = [(str(one.id), str(picked(one.title))) for one in editions]
        self.laws.choices = [(law, law_name(law)) for law in LAWS]

    def validate_laws(self, field: SelectMultipleField) -> None:
        """Ask for a rule."""
        if not field.data:
            raise ValidationError(_("Choose at least one rule."))

    @property
    def edition_id(self) -> UUID:
        """Return the vote that was chosen."""
        return UUID(self.edition.data)
