"""The editor of a rule of eligibility: a part of a form that any module can use."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Self

from flask_babel import lazy_gettext as _l
from wtforms import Field as FormField
from wtforms import RadioField, SelectMultipleField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import NumberRange, Optional, ValidationError

from app.accounts.attributes.kinds import DISTRICT, LIVES, SCHOOL, WORKS, Kind, Type, kinds
from app.accounts.attributes.rules import (
    OLDEST,
    YES,
    Aged,
    Condition,
    Eligibility,
    Level,
    Need,
    OneOf,
    read_day,
)
from app.accounts.attributes.wording import level_name
from app.core.i18n import gettext as _
from app.web.forms import Form, WholeNumberField

EVERYBODY, SOME = "everybody", "some"
_HERE = (LIVES, WORKS)


class EligibilityForm(Form):
    """Who is meant: everybody with an account, or whoever meets what is chosen; drawn by `ui/eligibility.html`.

    `of` fills it from a rule, `rule` returns what was chosen. A module may add fields of its own.
    """

    shows_all = True
    """False for a rule that says more than these fields; saving would lose it."""
    who = RadioField(_l("Who"), default=EVERYBODY)
    here = SelectMultipleField(_l("Lives or works here"))
    districts = SelectMultipleField(_l("Districts"))
    answers = SelectMultipleField(_l("What else the city asks for"))
    at_least = WholeNumberField(_l("Youngest age"), [Optional(), NumberRange(0, OLDEST, _l("Enter an age."))])
    at_most = WholeNumberField(_l("Oldest age"), [Optional(), NumberRange(0, OLDEST, _l("Enter an age."))])
    on = StringField(
        _l("Age counted on"), [Optional()], description=_l("Left empty, the age on the day itself counts.")
    )
    level = RadioField(_l("How surely it has to be known"), default=Level.STAFF.value)

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        known = kinds()
        self.who.choices = [
            SelectChoice(EVERYBODY, _("Everyone with an account")),
            SelectChoice(SOME, _("Only those who meet the following")),
        ]
        self.here.choices = [SelectChoice(key, known[key].title) for key in _HERE]
        district = known.get(DISTRICT)
        self.districts.choices = [SelectChoice(k, v) for k, v in district.options.items()] if district else []
        self.answers.choices = [choice for kind in known.values() for choice in _answers(kind)]
        self.level.choices = [SelectChoice(level.value, level_name(level)) for level in Level]

    @classmethod
    def of(cls, rule: Eligibility | None, **values: object) -> Self:
        """Return the form filled from a rule, or with what came in."""
        form = cls(data={**_filled(rule), **values})
        form.shows_all = rule is None or fits_editor(rule)
        return form

    def validate_on(self, field: FormField) -> None:
        """Refuse what is no day."""
        if field.data and read_day(field.data) is None:
            raise ValidationError(_("Enter a day, for example 2027-06-30."))

    def validate_at_most(self, field: FormField) -> None:
        """Refuse a span that nobody can be in."""
        if None not in (field.data, self.at_least.data) and field.data < self.at_least.data:
            raise ValidationError(_("The oldest age is below the youngest."))

    def validate_who(self, field: FormField) -> None:
        """Ask for at least one thing where not everybody is meant."""
        if field.data == SOME and self.rule() is None:
            raise ValidationError(_("Choose what has to be met, or everyone with an account."))

    def rule(self) -> Eligibility | None:
        """Return what was chosen; None for everybody."""
        if self.who.data != SOME:
            return None
        level = Level(self.level.data) if self.level.data in set(Level) else Level.STAFF
        needs: list[Need] = []
        if here := tuple[Condition, ...](OneOf(key, (YES,), level) for key in self.here.data or ()):
            needs.append(here)
        if self.districts.data:
            needs.append((OneOf(DISTRICT, tuple(self.districts.data), level),))
        needs += [
            (OneOf(key, values, level),) for key, values in _by_attribute(self.answers.data or ()).items()
        ]
        if self.at_least.data is not None or self.at_most.data is not None:
            on = read_day(self.on.data or "")
            needs.append((Aged(self.at_least.data, self.at_most.data, on, level=level),))
        return Eligibility(tuple(needs)) if needs else None


def fits_editor(rule: Eligibility) -> bool:
    """Tell whether the editor shows a rule as it is; one that another program has made may say more."""
    levels = {one.level for need in rule.needs for one in need}
    shapes = [_shape(need) for need in rule.needs]
    return len(levels) <= 1 and None not in shapes and len(set(shapes)) == len(shapes)


def _shape(need: Need) -> str | None:
    """Return which part of the editor a need fills; None for none of them."""
    if all(isinstance(one, OneOf) and one.attribute in _HERE and one.values == (YES,) for one in need):
        return "here"
    if len(need) != 1:
        return None
    one = need[0]
    return one.attribute if isinstance(one, Aged) or one.attribute not in (*_HERE, SCHOOL) else None


def _filled(rule: Eligibility | None) -> dict[str, object]:
    if rule is None or not rule.needs:
        return {"who": EVERYBODY}
    conditions = [one for need in rule.needs for one in need]
    aged = next((one for one in conditions if isinstance(one, Aged)), None)
    chosen = [one for one in conditions if isinstance(one, OneOf)]
    others = [one for one in chosen if one.attribute not in (*_HERE, DISTRICT)]
    return {
        "who": SOME,
        "here": [one.attribute for one in chosen if one.attribute in _HERE],
        "districts": [value for one in chosen if one.attribute == DISTRICT for value in one.values],
        "answers": [f"{one.attribute}={value}" for one in others for value in one.values],
        "at_least": aged.at_least if aged else None,
        "at_most": aged.at_most if aged else None,
        "on": _iso(aged.on) if aged else "",
        "level": conditions[0].level.value,
    }


def _answers(kind: Kind) -> list[SelectChoice]:
    if not kind.own or kind.type not in (Type.YES_NO, Type.CHOICE):
        return []
    return [
        SelectChoice(f"{kind.key}={value}", f"{kind.title}: {words}") for value, words in kind.options.items()
    ]


def _by_attribute(chosen: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for one in chosen:
        key, _sign, value = one.partition("=")
        found[key] = (*found.get(key, ()), value)
    return found


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
