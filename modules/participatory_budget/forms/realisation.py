"""What staff write about a project on its way: where it stands, what was spent, news, and how projects are followed."""

from datetime import date
from typing import Self
from uuid import UUID

from flask_wtf.file import FileField
from wtforms import BooleanField, Field, HiddenField, SelectField, StringField
from wtforms.validators import Optional, ValidationError

from app.sdk import (
    LANGUAGES,
    Form,
    LocalizedField,
    PictureForm,
    _,
    _l,
    at_most,
    current_city,
    given,
    in_first_language,
    required,
    today,
)

from ..models import Edition, Realisation
from ..rules.realisation.progress import FEWEST_STALE_DAYS, MOST_STALE_DAYS, State
from ..services.marks import mark
from ..services.realisation.boards import Standing, standing_of
from ..services.realisation.money import Entry
from ..services.realisation.news import Texts
from ..services.realisation.settings import MOST_STEPS, Settings, settings_of
from .dates import DayField
from .fields import MoneyField, WholeNumberField

LONGEST_STEP = 60


def state_words() -> dict[State, str]:
    """Return what staff call each state."""
    return {
        State.PLANNED: _("Planned"),
        State.UNDER_WAY: _("Under way"),
        State.PAUSED: _("Paused"),
        State.ABANDONED: _("Given up"),
        State.DONE: _("Done"),
    }


class StandingForm(Form):
    """Where a project stands; `of` adds two days for each of its steps."""

    state = SelectField(_l("State"))
    reason = LocalizedField(_l("Why it is paused or given up"), [Optional()], longest=600)
    department = StringField(_l("Department in charge"), [Optional(), at_most(160)])
    seen = HiddenField()

    @classmethod
    def of(cls, one: Realisation) -> "StandingForm":
        """Return the form filled with what is saved, or with what came in."""
        fields: dict[str, object] = {}
        data: dict[str, object] = {
            "state": one.state.value,
            "reason": one.reason,
            "department": one.department,
            "seen": mark(standing_of(one)),
        }
        for step in one.milestones:
            fields[f"planned_{step.id.hex}"] = DayField(_l("Planned"))
            fields[f"actual_{step.id.hex}"] = DayField(_l("Reached"))
            data[f"planned_{step.id.hex}"], data[f"actual_{step.id.hex}"] = step.planned, step.actual
        kind: type[StandingForm] = type(cls.__name__, (cls,), fields)
        form = kind(data=data)
        form.state.choices = [(state.value, words) for state, words in state_words().items()]
        form.ids = [step.id for step in one.milestones]
        return form

    ids: list[UUID]

    def days(self, ident: UUID) -> tuple[Field, Field]:
        """Return the two fields of one step."""
        return self[f"planned_{ident.hex}"], self[f"actual_{ident.hex}"]

    def standing(self) -> Standing:
        """Return what was typed."""
        days: dict[UUID, tuple[date | None, date | None]] = {}
        for ident in self.ids:
            planned, actual = self.days(ident)
            days[ident] = planned.data, actual.data
        return Standing(State(self.state.data), self.reason.data, (self.department.data or "").strip(), days)


class SpendingForm(Form):
    """An amount that was spent, or that takes the place of a wrong one."""

    day = DayField(_l("Day of the payment"), [required(_l("Choose the day."))])
    what = StringField(
        _l("For what"), [required(_l("Write what it was for. No names of persons.")), at_most(200)]
    )
    amount = MoneyField(_l("Amount"), [required(_l("Write the amount."))])
    corrects = SelectField(_l("Takes the place of a wrong entry"), validate_choice=True)

    @classmethod
    def of(cls, one: Realisation, show: dict[str, str]) -> Self:
        """Return the form; `show` are the entries that can be corrected, in words by their ids."""
        form = cls(data={"day": today()})
        form.corrects.choices = [("", _("No, it is a new one")), *show.items()]
        return form

    def entry(self) -> Entry:
        """Return what was typed."""
        corrects = UUID(self.corrects.data) if self.corrects.data else None
        return Entry(given(self.day), given(self.amount), str(self.what.data).strip(), corrects)


class NewsForm(PictureForm):
    """News of a project in the languages of the city."""

    title = LocalizedField(
        _l("Headline"), [in_first_language(_l("Write the headline (%(language)s)."))], longest=160
    )
    text = LocalizedField(
        _l("What happened"), [in_first_language(_l("Write the text (%(language)s)."))], longest=4_000
    )
    picture = FileField(_l("Photo"), [Optional()])
    kept_picture = HiddenField()
    remove_picture = BooleanField(_l("Show no photo"))
    picture_alt = LocalizedField(_l("What the photo shows"), longest=300)

    def texts(self) -> Texts:
        """Return what was typed."""
        return Texts(
            self.title.data,
            self.text.data,
            self.shown_picture,
            self.picture_alt.data if self.shown_picture else {},
        )


class FollowingForm(Form):
    """How an edition follows its projects: the steps of each, one line a step in each language."""

    steps = LocalizedField(
        _l("Steps, one a line"),
        [in_first_language(_l("Write at least one step (%(language)s)."))],
        longest=1_000,
    )
    stale_days = WholeNumberField(
        _l("Days without news until staff are told"), [required(_l("Write a number of days."))]
    )
    seen = HiddenField()

    @classmethod
    def of(cls, edition: Edition) -> Self:
        """Return the form filled with what is saved, or with what came in."""
        saved = settings_of(edition)
        codes = {code for step in saved.steps for code in step}
        lines = {code: "\n".join(step.get(code, "") for step in saved.steps) for code in codes}
        return cls(data={"steps": lines, "stale_days": saved.stale_days, "seen": mark(saved)})

    def validate_steps(self, field: Field) -> None:
        """Refuse too many steps, long ones, and languages that have other numbers of them."""
        lines = _lines(field.data)
        first = lines.get(current_city().languages[0], [])
        if len(first) > MOST_STEPS or any(len(one) > LONGEST_STEP for one in first):
            raise ValidationError(
                _(
                    "Write at most %(steps)s steps of at most %(longest)s characters.",
                    steps=MOST_STEPS,
                    longest=LONGEST_STEP,
                )
            )
        for code, others in lines.items():
            if len(others) != len(first):
                raise ValidationError(
                    _(
                        "Write as many steps as in the first language (%(language)s).",
                        language=LANGUAGES.get(code, code),
                    )
                )

    def validate_stale_days(self, field: Field) -> None:
        """Refuse a time in which nobody can write news, and one after which everybody has forgotten."""
        if field.data is not None and not FEWEST_STALE_DAYS <= field.data <= MOST_STALE_DAYS:
            raise ValidationError(
                _("Write a number from %(least)s to %(most)s.", least=FEWEST_STALE_DAYS, most=MOST_STALE_DAYS)
            )

    def chosen(self) -> Settings:
        """Return what was typed."""
        lines = _lines(self.steps.data)
        first = lines[current_city().languages[0]]
        steps = [{code: names[place] for code, names in lines.items()} for place in range(len(first))]
        return Settings(steps, given(self.stale_days))


def _lines(texts: dict[str, str]) -> dict[str, list[str]]:
    found = {
        code: [line.strip() for line in text.splitlines() if line.strip()] for code, text in texts.items()
    }
    return {code: lines for code, lines in found.items() if lines}
