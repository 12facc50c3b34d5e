"""What the examination of ideas asks: the way, criteria, departments, opinions, decisions."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Self
from uuid import UUID

from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from app.sdk import Form, LocalizedField, _, _l, at_most, given, in_first_language, picked, required

from ..models import Criterion, CriterionAnswer, Department, DepartmentOpinion, Edition, Examination
from ..rules.feasibility.flows import ReviewRules
from ..rules.feasibility.steps import Answer, Flow, Verdict
from ..services.feasibility.answering import LONGEST, LONGEST_REASON, OpinionTexts, Said
from ..services.feasibility.boards import verdict_names
from ..services.feasibility.settings import DepartmentTexts, rules_of
from ..services.marks import mark
from .fields import MoneyField, WholeNumberField, above_zero
from .spans import up_to_a_year

LONGEST_OPINION = 6_000
_ANSWER, _WHY = "answer_", "why_"


class ReviewRulesForm(Form):
    """The way an idea takes through the town hall."""

    formal = BooleanField(_l("Begin with a formal check"))
    opinions = BooleanField(_l("Ask departments for their opinion"))
    appeal_days = WholeNumberField(
        _l("Days in which authors can appeal against the opinion"), [required(), up_to_a_year]
    )
    refusal_days = WholeNumberField(
        _l("Days in which authors can appeal against a moderator's refusal"), [required(), up_to_a_year]
    )
    needs_consent = BooleanField(_l("Ask the authors about the text that goes on the ballot"))
    seen = HiddenField()

    @classmethod
    def of(cls, edition: Edition) -> Self:
        """Return the form filled with what is saved, or with what came in."""
        rules = rules_of(edition)
        return cls(
            data={
                "formal": rules.flow.formal,
                "opinions": rules.flow.opinions,
                "appeal_days": rules.flow.appeal_days,
                "refusal_days": rules.refusal_days,
                "needs_consent": rules.needs_consent,
                "seen": mark(rules),
            }
        )

    def rules(self) -> ReviewRules:
        """Return what was chosen."""
        flow = Flow(self.formal.data, self.opinions.data, given(self.appeal_days))
        return ReviewRules(flow, given(self.refusal_days), self.needs_consent.data)


class CriterionForm(Form):
    """A question to departments."""

    name = LocalizedField(_l("Name"), [in_first_language(_l("Write the name (%(language)s)."))], longest=80)
    hint = LocalizedField(_l("What it asks"), [Optional()], longest=300)

    @classmethod
    def of(cls, criterion: Criterion) -> Self:
        """Return the form filled with what is saved, or with what came in."""
        return cls(data={"name": dict(criterion.name), "hint": dict(criterion.hint)})


class DepartmentForm(Form):
    """A department and its people."""

    name = LocalizedField(_l("Name"), [in_first_language(_l("Write the name (%(language)s)."))], longest=120)
    days = WholeNumberField(_l("Days for an opinion"), [required(), up_to_a_year])
    people = TextAreaField(_l("Who answers"), [Optional(), at_most(10_000)])

    @classmethod
    def of(cls, texts: DepartmentTexts | None = None) -> Self:
        """Return the form filled with what is saved, or with what came in."""
        saved = texts or DepartmentTexts({}, 14)
        return cls(data={"name": saved.name, "days": saved.days, "people": "\n".join(saved.people)})

    def texts(self) -> DepartmentTexts:
        """Return what was typed."""
        people = (self.people.data or "").replace(",", "\n").split()
        return DepartmentTexts(self.name.data, given(self.days), tuple(people))


class AskForm(Form):
    """Which departments are asked, and by when."""

    departments = SelectMultipleField(_l("Departments"), validate_choice=False)
    due = DateField(_l("Answer by"), [Optional()])

    @classmethod
    def on(cls, departments: Iterable[Department]) -> Self:
        """Return the form with the departments of an edition."""
        form = cls()
        form.departments.choices = [SelectChoice(str(one.id), picked(one.name).text) for one in departments]
        return form

    def chosen(self) -> list[UUID]:
        """Return the departments that were ticked."""
        known = {choice.value for choice in self.departments.choices}
        return [UUID(one) for one in self.departments.data or () if one in known]


class OpinionForm(Form):
    """What a department says; `of` adds an answer and a reason for each criterion."""

    text = TextAreaField(_l("Opinion"), [Optional(), at_most(LONGEST)])
    cost = MoneyField(_l("What it costs"), [Optional(), above_zero])
    cost_reason = StringField(_l("Why it costs that"), [Optional(), at_most(LONGEST_REASON)])
    seen = HiddenField()

    @classmethod
    def of(
        cls,
        criteria: Sequence[Criterion],
        opinion: DepartmentOpinion,
        answers: Mapping[UUID, CriterionAnswer],
        cost: int | None,
    ) -> "OpinionForm":
        """Return the form filled with what is saved, or with what came in."""
        words = answer_names()
        fields: dict[str, object] = {}
        data: dict[str, object] = {"text": opinion.text, "cost": cost, "seen": str(opinion.version)}
        for one in criteria:
            choices = [SelectChoice(answer.value, words[answer]) for answer in Answer]
            fields[_ANSWER + one.id.hex] = RadioField(
                picked(one.name).text,
                choices=choices,
                validate_choice=False,
                description=picked(one.hint).text,
            )
            fields[_WHY + one.id.hex] = TextAreaField(
                _("Reason: %(criterion)s", criterion=picked(one.name).text), [Optional(), at_most(1000)]
            )
            if one.id in answers:
                data[_ANSWER + one.id.hex] = answers[one.id].answer.value
                data[_WHY + one.id.hex] = answers[one.id].text
        kind: type[OpinionForm] = type(cls.__name__, (cls,), fields)
        return kind(data=data)

    def pairs(self) -> list[tuple[RadioField, TextAreaField]]:
        """Return the fields of each criterion, in order."""
        return [
            (field, self[_WHY + field.name.removeprefix(_ANSWER)])
            for field in self
            if field.name.startswith(_ANSWER)
        ]

    def texts(self) -> OpinionTexts:
        """Return what was typed; criteria that were not answered are left out."""
        said = {
            UUID(field.name.removeprefix(_ANSWER)): Said(Answer(field.data), (why.data or "").strip())
            for field, why in self.pairs()
            if field.data in set(Answer)
        }
        reason = (self.cost_reason.data or "").strip()
        return OpinionTexts(said, (self.text.data or "").strip(), self.cost.data, reason)

    @property
    def seen_version(self) -> int | None:
        """Return the version that the page showed."""
        return int(self.seen.data) if (self.seen.data or "").isdigit() else None


class VerdictForm(Form):
    """What a coordinator decides."""

    verdict = RadioField(_l("Decision"), [required(_l("Choose a decision."))], validate_choice=False)
    opinion = LocalizedField(
        _l("What the city says"),
        [in_first_language(_l("Write the opinion (%(language)s)."))],
        longest=LONGEST_OPINION,
    )
    seen = HiddenField()

    @classmethod
    def of(cls, case: Examination, proposed: Verdict | None) -> Self:
        """Return the form with what the opinions come to, or with what came in."""
        verdict = case.verdict or proposed
        form = cls(
            data={
                "verdict": verdict.value if verdict else None,
                "opinion": dict(case.opinion),
                "seen": str(case.version),
            }
        )
        form.verdict.choices = [SelectChoice(key.value, words) for key, words in verdict_names().items()]
        return form

    @property
    def seen_version(self) -> int | None:
        """Return the version that the page showed."""
        return int(self.seen.data) if (self.seen.data or "").isdigit() else None


class FormalFaultForm(Form):
    """Why an idea does not pass the formal check."""

    fault = LocalizedField(
        _l("What is wrong with it"),
        [in_first_language(_l("Write what is wrong (%(language)s)."))],
        longest=LONGEST_OPINION,
    )


class EstimateForm(Form):
    """What an idea costs, and why another sum than before."""

    cost = MoneyField(_l("Cost"), [required(_l("Write an amount.")), above_zero])
    why = StringField(_l("Reason"), [Optional(), at_most(LONGEST_REASON)])


def answer_names() -> dict[Answer, str]:
    """Return what the answers are called."""
    return {Answer.YES: _("Yes"), Answer.CHANGES: _("With changes"), Answer.NO: _("No")}
