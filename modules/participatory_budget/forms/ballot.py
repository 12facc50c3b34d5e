"""What one voter can choose: all types of ballot, with the limits of each."""

from collections.abc import Mapping
from typing import Self

from wtforms import BooleanField, HiddenField, RadioField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from app.sdk import Form, _, _l, at_most

from ..models import Edition
from ..rules.ballots import BallotType
from ..services.editing import Limits, limits_of
from ..services.marks import mark
from .fields import WholeNumberField, from_one

IN_ALL, EACH, BUDGET, POINTS, RANKED, GRADES = "all", "each", "budget", "points", "ranked", "grades"
KINDS = (
    SelectChoice(IN_ALL, _l("A number of projects")),
    SelectChoice(EACH, _l("A number of projects in each category")),
    SelectChoice(BUDGET, _l("As many as the money pays for")),
    SelectChoice(POINTS, _l("Points to share out among projects")),
    SelectChoice(RANKED, _l("A number of projects, in an order")),
    SelectChoice(GRADES, _l("A grade for each project")),
)
COUNTED = (IN_ALL, EACH, RANKED)
"""Kinds that need a number of projects."""
PARIS = ("not-convinced", "why-not", "like", "love")
SIX = ("reject", "poor", "acceptable", "good", "very-good", "excellent")
OWN = "own"
SCALES = {"paris": PARIS, "six": SIX}
SCALE_CHOICES = (
    SelectChoice("paris", _l("Four: not convinced, why not, I like it, I love it")),
    SelectChoice("six", _l("Six: from reject to excellent")),
    SelectChoice(OWN, _l("Own grades")),
)
_TYPES = {
    BUDGET: BallotType.KNAPSACK,
    POINTS: BallotType.POINTS,
    RANKED: BallotType.RANKED,
    GRADES: BallotType.JUDGEMENT,
}


class BallotForm(Form):
    """What one voter can choose, before the ballot is fixed."""

    kind = RadioField(_l("What one voter can choose"), choices=KINDS, default=IN_ALL)
    choices = WholeNumberField(_l("How many projects"), [from_one])
    least = WholeNumberField(_l("At least this many"), [Optional(), from_one])
    in_all = WholeNumberField(_l("In all categories together at most"), [Optional(), from_one])
    points = WholeNumberField(_l("How many points"), [Optional(), from_one])
    most_points = WholeNumberField(_l("For one project at most"), [Optional(), from_one])
    scale = RadioField(_l("The grades"), choices=SCALE_CHOICES, default="paris")
    own_grades = TextAreaField(_l("Own grades, the best first"), [Optional(), at_most(1000)])
    mark_all = BooleanField(_l("Every project needs a grade"))
    final = BooleanField(_l("A vote that was cast can be changed, but not taken back"))
    seen = HiddenField()

    @classmethod
    def of(cls, edition: Edition) -> Self:
        """Return the form filled with what is saved, or with what came in."""
        limits = limits_of(edition)
        grades = _words(limits.parts.get("grades"))
        scale = next(
            (name for name, one in SCALES.items() if list(one) == grades), OWN if grades else "paris"
        )
        return cls(
            data={
                "kind": _kind(limits),
                "choices": limits.max_per_category or limits.max_choices,
                "in_all": limits.max_choices if limits.max_per_category else None,
                "least": limits.parts.get("min_choices"),
                "points": limits.parts.get("points"),
                "most_points": limits.parts.get("max_points"),
                "scale": scale,
                "own_grades": "\n".join(reversed(grades)) if scale == OWN else "",
                "mark_all": limits.parts.get("mark_all"),
                "final": limits.parts.get("withdraw") is False,
                "seen": mark(limits),
            }
        )

    @property
    def has_more(self) -> bool:
        """Tell whether something beyond the usual is set, or wrong."""
        more = (self.least, self.in_all, self.final)
        return any(field.data or field.errors for field in more)

    def validate(self, extra_validators: Mapping[str, object] | None = None) -> bool:
        """Ask for what the kind of ballot needs."""
        super().validate(extra_validators)
        kind = self.kind.data
        if kind in COUNTED and self.choices.data is None and not self.choices.errors:
            self.choices.errors = [_("Write how many projects one voter can choose.")]
        if kind == POINTS and self.points.data is None and not self.points.errors:
            self.points.errors = [_("Write how many points one voter has.")]
        if kind == POINTS and self.points.data and (self.most_points.data or 0) > self.points.data:
            self.most_points.errors = [_("That is more than a voter has.")]
        most = self.in_all.data or self.choices.data
        if kind in COUNTED and most and (self.least.data or 0) > most:
            self.least.errors = [_("That is more than one voter can choose.")]
        if kind == GRADES and self.scale.data == OWN and not 2 <= len(self._own) <= 10:
            self.own_grades.errors = [_("Write 2 to 10 different grades, one on each line.")]
        return not self.errors

    def limits(self) -> Limits:
        """Return what was chosen."""
        kind, choices = self.kind.data, self.choices.data
        most = {IN_ALL: choices, RANKED: choices, EACH: self.in_all.data}.get(kind)
        return Limits(
            _TYPES.get(kind, BallotType.APPROVAL),
            max_choices=most,
            max_per_category=choices if kind == EACH else None,
            parts={name: value for name, value in self._parts(kind).items() if value is not None},
        )

    def _parts(self, kind: str) -> dict[str, object]:
        parts: dict[str, object] = {"min_choices": self.least.data if kind != GRADES else None}
        parts["withdraw"] = False if self.final.data else None
        if kind == POINTS:
            parts |= {"points": self.points.data, "max_points": self.most_points.data}
        if kind == GRADES:
            grades = SCALES.get(str(self.scale.data)) or self._own
            parts |= {"grades": list(grades), "mark_all": True if self.mark_all.data else None}
        return parts

    @property
    def _own(self) -> tuple[str, ...]:
        lines = [line.strip() for line in (self.own_grades.data or "").splitlines()]
        return tuple(dict.fromkeys(filter(None, reversed(lines))))


def _kind(limits: Limits) -> str:
    if limits.type is BallotType.APPROVAL:
        return EACH if limits.max_per_category is not None else IN_ALL
    return next(kind for kind, of_type in _TYPES.items() if of_type is limits.type)


def _words(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []
