"""The money of an edition and the rule by which it is handed out."""

from collections.abc import Mapping
from uuid import UUID

from wtforms import HiddenField, RadioField
from wtforms.fields import SelectChoice

from app.sdk import Form, _, _l, given, picked, required

from ..models import Edition
from ..rules.equal_shares import Completion
from ..rules.outcomes import Method
from ..rules.ties import TieBreak
from ..services.editing import Money, money_of
from ..services.marks import mark
from .fields import MoneyField, WholeNumberField, above_zero, from_one

TOGETHER, EACH = "together", "each"
METHODS = (
    SelectChoice(
        Method.GREEDY_SKIP.value, _l("By votes; pass over a project that no longer fits, and go on")
    ),
    SelectChoice(Method.GREEDY_STOP.value, _l("By votes; stop at the first project that no longer fits")),
    SelectChoice(Method.EQUAL_SHARES.value, _l("Equal shares: each voter decides about the same amount")),
)
COMPLETIONS = (
    SelectChoice(Completion.ADD1U.value, _l("Raise all shares a little, then go by votes")),
    SelectChoice(Completion.ADD1.value, _l("Raise all shares a little, and leave the rest")),
    SelectChoice(Completion.GREEDY.value, _l("Go by votes")),
    SelectChoice(Completion.NONE.value, _l("Leave it")),
)
TIE_BREAKS = (
    SelectChoice(TieBreak.CHEAPER_FIRST.value, _l("The cheaper one comes first")),
    SelectChoice(TieBreak.DECLARED_ORDER.value, _l("The one with the lower number comes first")),
)
_ENVELOPE = "envelope_"


class MoneyForm(Form):
    """The money and the counting rule; `of` adds a field for each category."""

    budget = MoneyField(
        _l("Money to hand out in all"), [required(_l("Write how much money there is.")), above_zero]
    )
    sharing = RadioField(
        _l("Who competes for the money"),
        choices=(
            SelectChoice(TOGETHER, _l("All projects for all the money")),
            SelectChoice(EACH, _l("The projects of each category for money of its own")),
        ),
        default=TOGETHER,
    )
    method = RadioField(_l("How projects get their money"), choices=METHODS)
    completion = RadioField(
        _l("With equal shares: what happens to money that no voters can spend together"),
        choices=COMPLETIONS,
        default=Completion.ADD1U.value,
    )
    tie_break = RadioField(_l("When projects have equal votes"), choices=TIE_BREAKS)
    min_votes = WholeNumberField(_l("Votes a project needs"), [required(_l("Write at least 1.")), from_one])
    seen = HiddenField()

    @classmethod
    def of(cls, edition: Edition) -> "MoneyForm":
        """Return the form filled with what is saved, or with what came in."""
        saved = money_of(edition)
        fields = {
            f"{_ENVELOPE}{category.id.hex}": MoneyField(str(picked(category.name)), [above_zero])
            for category in edition.categories
        }
        envelopes = {f"{_ENVELOPE}{key.hex}": amount for key, amount in saved.envelopes.items()}
        shared = any(amount is not None for amount in saved.envelopes.values())
        kind: type[MoneyForm] = type(cls.__name__, (cls,), fields)
        return kind(
            data={
                "budget": saved.budget or None,
                "sharing": EACH if shared else TOGETHER,
                "method": saved.method.value,
                "completion": saved.completion.value,
                "tie_break": saved.tie_break.value,
                "min_votes": saved.min_votes,
                "seen": mark(saved),
                **envelopes,
            }
        )

    @property
    def envelopes(self) -> list[MoneyField]:
        """Return the fields of the categories, in order."""
        return [field for field in self if field.name.startswith(_ENVELOPE)]

    def validate(self, extra_validators: Mapping[str, object] | None = None) -> bool:
        """Ask for the money of a category as soon as categories have their own."""
        valid = bool(super().validate(extra_validators))
        if self.sharing.data == EACH:
            for field in self.envelopes:
                if field.data is None and not field.errors:
                    field.errors = [_("Write how much money %(category)s has.", category=field.label.text)]
                    valid = False
        return valid

    def money(self) -> Money:
        """Return what was typed."""
        shared = self.sharing.data == EACH
        envelopes = {
            UUID(field.name.removeprefix(_ENVELOPE)): field.data if shared else None
            for field in self.envelopes
        }
        return Money(
            given(self.budget),
            Method(self.method.data),
            TieBreak(self.tie_break.data),
            given(self.min_votes),
            envelopes,
            Completion(self.completion.data),
        )
