"""The money of an edition and the rule by which it is handed out."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from wtforms import BooleanField, HiddenField, RadioField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from app.sdk import Form, _, _l, at_most, given, picked, required

from ..models import Edition
from ..rules.equal_shares import Completion
from ..rules.outcomes import Method
from ..rules.ties import TieBreak
from ..rules.winners import fits
from ..services.editing import Money, money_of
from ..services.marks import mark
from ..services.rule_words import USUAL, completion_name, method_name, tie_name, why_unfit
from .fields import GroupsField, MoneyField, TenthsField, WholeNumberField, above_zero, from_one

TOGETHER, EACH = "together", "each"
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
    method = RadioField(_l("How projects get their money"))
    completion = RadioField(
        _l("With equal shares: what happens to money that no voters can spend together"),
        default=Completion.ADD1U.value,
    )
    comparison = BooleanField(
        _l("With equal shares: go by votes after all, where more voters would have more of their projects")
    )
    tie_break = RadioField(_l("When projects have equal votes"), default=TieBreak.CHEAPER_FIRST.value)
    lot_seed = StringField(_l("Secret seed of the lots"), [Optional(), at_most(200)])
    min_votes = WholeNumberField(_l("Votes a project needs"), [from_one], default=1)
    min_share = TenthsField(_l("Share of all ballots a project needs, in per cent"), [Optional()])
    max_winners = WholeNumberField(_l("At most so many projects win"), [Optional(), from_one])
    exclusive = GroupsField(_l("Projects of which only one can win"), [Optional()])
    top_up = BooleanField(_l("What categories leave goes to the best of all other projects"))
    stop_tolerance = WholeNumberField(
        _l("Where the count stops: pay that project too, if so many per cent of its cost are left"),
        [Optional(), from_one],
    )
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
        form = kind(
            data={
                **saved.parts,
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
        form._offer(edition, saved)
        return form

    def _offer(self, edition: Edition, saved: Money) -> None:
        """Name what can be chosen: of the methods those that fit the ballot, the usual one first."""
        usual = USUAL[edition.ballot_type]
        fitting = [usual, *(one for one in Method if one is not usual and fits(one, edition.ballot_type))]
        self.method.choices = [SelectChoice(one.value, method_name(one)) for one in fitting]
        self.completion.choices = [
            SelectChoice(one.value, completion_name(one)) for one in reversed(Completion)
        ]
        self.tie_break.choices = [SelectChoice(one.value, tie_name(one)) for one in TieBreak]
        self.unfit = [one for one in Method if one not in fitting]
        self.has_seed = saved.lot_seed is not None
        self._kept_seed = saved.lot_seed

    @property
    def envelopes(self) -> list[MoneyField]:
        """Return the fields of the categories, in order."""
        return [field for field in self if field.name.startswith(_ENVELOPE)]

    @property
    def explained(self) -> Iterable[str]:
        """Return the methods that do not fit the ballot, each with the reason."""
        return [_("%(method)s (%(why)s)", method=method_name(one), why=why_unfit(one)) for one in self.unfit]

    @property
    def has_more(self) -> bool:
        """Tell whether something beyond the usual is set, or wrong."""
        more = (
            self.comparison,
            self.min_share,
            self.max_winners,
            self.exclusive,
            self.top_up,
            self.stop_tolerance,
            self.lot_seed,
        )
        unusual = self.tie_break.data == TieBreak.LOT or (self.min_votes.data or 1) > 1
        return unusual or bool(self.min_votes.errors) or any(one.data or one.errors for one in more)

    def validate(self, extra_validators: Mapping[str, object] | None = None) -> bool:
        """Ask for the money of a category as soon as categories have their own."""
        valid = bool(super().validate(extra_validators))
        if self.sharing.data == EACH:
            for field in self.envelopes:
                if field.data is None and not field.errors:
                    field.errors = [_("Write how much money %(category)s has.", category=field.label.text)]
                    valid = False
        if (self.stop_tolerance.data or 1) > 100:
            self.stop_tolerance.errors = [_("Write a number from 1 to 100.")]
            valid = False
        return valid

    def money(self) -> Money:
        """Return what was typed; an empty seed stays the one that was kept."""
        shared = self.sharing.data == EACH
        envelopes = {
            UUID(field.name.removeprefix(_ENVELOPE)): field.data if shared else None
            for field in self.envelopes
        }
        return Money(
            given(self.budget),
            Method(self.method.data),
            TieBreak(self.tie_break.data),
            self.min_votes.data or 1,
            envelopes,
            Completion(self.completion.data),
            self._parts(shared=shared),
            (self.lot_seed.data or "").strip() or self._kept_seed,
        )

    def _parts(self, *, shared: bool) -> dict[str, object]:
        method = self.method.data
        parts: dict[str, object] = {
            "comparison": bool(self.comparison.data) and method == Method.EQUAL_SHARES,
            "min_share": self.min_share.data,
            "max_winners": self.max_winners.data,
            "exclusive": self.exclusive.data,
            "top_up": bool(self.top_up.data) and shared,
            "stop_tolerance": self.stop_tolerance.data if method == Method.GREEDY_STOP else None,
        }
        return {name: value for name, value in parts.items() if value}
