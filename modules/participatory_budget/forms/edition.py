"""A new edition, its texts, its ballot."""

from typing import Self

from wtforms import Field, HiddenField, RadioField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional, ValidationError

from app.sdk import Form, LocalizedField, _, _l, at_most, in_first_language, required

from ..models import Edition
from ..rules.ballots import BallotType
from ..services.editing import Limits, Texts, limits_of, texts_of
from ..services.marks import mark
from .fields import MoneyField, WholeNumberField, above_zero, free_address, from_one

IN_ALL, EACH, BUDGET = "all", "each", "budget"
KINDS = (
    SelectChoice(IN_ALL, _l("A number of projects")),
    SelectChoice(EACH, _l("A number of projects in each category")),
    SelectChoice(BUDGET, _l("As many as the money pays for")),
)
DEFAULT_CHOICES = 3


class _BallotFields(Form):
    """How a voter chooses."""

    kind = RadioField(_l("What one voter can choose"), choices=KINDS, default=IN_ALL)
    choices = WholeNumberField(_l("How many projects"), [from_one], default=DEFAULT_CHOICES)

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


class NewEditionForm(_BallotFields):
    """As little as an edition needs to be there."""

    title = LocalizedField(
        _l("Title"), [in_first_language(_l("Write the title (%(language)s)."))], longest=160
    )
    slug = StringField(_l("Address"), [at_most(80), free_address])
    budget = MoneyField(
        _l("Money to hand out in all"), [required(_l("Write how much money there is.")), above_zero]
    )


class BallotForm(_BallotFields):
    """What one voter can choose, before the ballot is fixed."""

    seen = HiddenField()

    @classmethod
    def of(cls, edition: Edition) -> Self:
        """Return the form filled with what is saved, or with what came in."""
        limits = limits_of(edition)
        kind = EACH if limits.max_per_category is not None else IN_ALL
        if limits.type is BallotType.KNAPSACK:
            kind = BUDGET
        most = limits.max_per_category or limits.max_choices
        return cls(data={"kind": kind, "choices": most, "seen": mark(limits)})


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
