"""The phases of an edition by days and times of the city's clocks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self

from wtforms import Field, HiddenField

from app.sdk import _, _l, local, now

from ..models import Edition
from ..rules.schedule import Part, Span
from ..services.calendar import times_of
from ..services.marks import mark
from .dates import ClockField, DayField, Moments, instant, wall

LAST_DAY = date(9999, 1, 1)
_TIMES = {
    "begins_day": _l("First day"),
    "begins_time": _l("From"),
    "ends_day": _l("Last day"),
    "ends_time": _l("Until"),
}


def _name(part: Part, which: str) -> str:
    return f"{part.name.lower()}_{which}"


def _field(which: str) -> Field:
    kind = ClockField if which.endswith("time") else DayField
    return kind(_TIMES[which])


@dataclass(frozen=True, slots=True)
class Row:
    """The four fields of one phase."""

    part: Part
    begins_day: Field
    begins_time: Field
    ends_day: Field
    ends_time: Field


class CalendarForm(Moments):
    """All phases at once; `of` adds the fields of each. One without a first day is not part of the edition."""

    seen = HiddenField()

    @classmethod
    def of(cls, edition: Edition) -> "CalendarForm":
        """Return the form filled with what is saved, or with what came in."""
        saved = times_of(edition)
        fields = {_name(part, which): _field(which) for part in Part for which in _TIMES}
        kind: type[CalendarForm] = type(cls.__name__, (cls,), fields)
        data: dict[str, object] = {"seen": mark(saved)}
        for part, span in saved.items():
            data |= {_name(part, which): value for which, value in _as_typed(span).items()}
        return kind(data=data)

    @property
    def rows(self) -> list[Row]:
        """Return the fields by phase."""
        return [Row(part, *(self[_name(part, which)] for which in _TIMES)) for part in Part]

    def validate(self, extra_validators: Mapping[str, object] | None = None) -> bool:
        """Read all spans and put what is wrong beside its field."""
        super().validate(extra_validators)
        spans = {row.part: self._span(row) for row in self.rows}
        self.times = {part: span for part, span in spans.items() if span is not None}
        return not self.errors

    def _span(self, row: Row) -> Span | None:
        if row.begins_day.data is None:
            if not row.begins_day.errors and any(
                (row.begins_time.data, row.ends_day.data, row.ends_time.data)
            ):
                row.begins_day.errors = [_("Choose a day.")]
            return None
        begins = self.moment(row.begins_day, row.begins_time, usual=time())
        ends = end_of(self, row.ends_day, row.ends_time)
        if begins is not None and ends is not None and ends <= begins:
            row.ends_day.errors = [_("The phase must end after it begins.")]
        return Span(begins, ends) if begins is not None else None


class LongerForm(Moments):
    """Until when a phase goes on."""

    ends_day = DayField(_l("New last day"))
    ends_time = ClockField(_l("Until"))

    @classmethod
    def of(cls, span: Span) -> Self:
        """Return the form filled with the present end, or with what came in."""
        typed = _as_typed(span)
        return cls(data={"ends_day": typed["ends_day"], "ends_time": typed["ends_time"]})

    def validate(self, extra_validators: Mapping[str, object] | None = None) -> bool:
        """Read the moment; an empty day means that there is no end."""
        super().validate(extra_validators)
        self.ends_at = end_of(self, self.ends_day, self.ends_time)
        if not self.errors and self.ends_at is not None and self.ends_at <= now():
            self.ends_day.errors = [_("That has passed already. Choose a later end.")]
        return not self.errors


def end_of(form: Moments, day: Field, clock: Field) -> datetime | None:
    """Return the instant at which a phase ends; a day without a time counts to its midnight."""
    if clock.data is not None or clock.errors or day.data is None:
        return form.moment(day, clock)
    return instant(min(day.data, LAST_DAY) + timedelta(days=1), time())


def _as_typed(span: Span) -> dict[str, object]:
    begins_day, begins_time = wall(span.begins_at)
    ends_day, ends_time = wall(span.ends_at)
    if ends_day is not None and span.ends_at is not None and local(span.ends_at).time() == time():
        ends_day, ends_time = ends_day - timedelta(days=1), None
    return {
        "begins_day": begins_day,
        "begins_time": begins_time if begins_time != time() else None,
        "ends_day": ends_day,
        "ends_time": ends_time,
    }
