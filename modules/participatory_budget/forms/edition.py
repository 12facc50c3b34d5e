"""A new edition, and its texts."""

from typing import Self

from wtforms import Field, HiddenField, RadioField, StringField
from wtforms.validators import Optional, ValidationError

from app.sdk import Form, LocalizedField, _, _l, at_most, in_first_language, required

from ..models import Edition
from ..rules.ballots import BallotType
from ..services.editing import Limits, Texts, texts_of
from ..services.marks import mark
from .ballot import BUDGET, EACH, IN_ALL, KINDS
from .fields import MoneyField, WholeNumberField, above_zero, free_address, from_one

DEFAULT_CHOICES = 3


class NewEditionForm(Form):
    """As little as an edition needs to be there; other kinds of ballot are on the page of the ballot."""

    title = LocalizedField(
        _l("Title"), [in_first_language(_l("Write the title (%(language)s)."))], longest=160
    )
    slug = StringField(_l("Address"), [at_most(80), free_address])
    kind = RadioField(_l("What one voter can choose"), choices=KINDS[:3], default=IN_ALL)
    choices = WholeNumberField(_l("How many projects"), [from_one], default=DEFAULT_CHOICES)
    budget = MoneyField(
        _l("Money to hand out in all"), [required(_l("Write how much money there is.")), above_zero]
    )

    def validate_choices(self, field: Field) -> None:
        """Ask for the number where one is needed."""
        if self.kind.data != BUDGET and field.data is None and not field.errors:
            raise ValidationError(_("Write how many projects one voter can choose."))

    def limits(self) -> Limits:
        """Return what was chosen."""
        most = self.choices.data
        if self.kind.data == BUDGET:
            return Limits(BallotType.KNAPSACK)
        if self.kind.data == EACH:
            return Limits(BallotType.APPROVAL, max_per_category=most)
        return Limits(BallotType.APPROVAL, max_choices=most)


class TextsForm(Form):
    """What residents read about an edition."""

    title = LocalizedField(
        _l("Title"), [in_first_language(_l("Write the title (%(language)s)."))], longest=160
    )
    summary = LocalizedField(_l("Summary"), longest=400)
    description = LocalizedField(_l("Description"), [Optional()], longest=20_000)
    result_note = LocalizedField(_l("Note above the result"), [Optional()], longest=2_000)
    source = LocalizedField(_l("Where the data come from"), [Optional()], longest=400)
    seen = HiddenField()

    @classmethod
    def of(cls, edition: Edition) -> Self:
        """Return the form filled with what is saved, or with what came in."""
        texts = texts_of(edition)
        return cls(obj=texts, data={"seen": mark(texts)})

    def texts(self) -> Texts:
        """Return what was typed."""
        return Texts(
            self.title.data,
            self.summary.data,
            self.description.data,
            self.result_note.data,
            self.source.data,
        )
