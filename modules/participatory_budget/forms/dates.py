"""Days and times by the city's clocks."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Self

from wtforms import DateField, Field, HiddenField, TimeField

from app.sdk import Form, _, _l, from_local, local, now, today

from ..models import Edition
from ..services.editing import Dates, dates_of
from ..services.marks import mark


class DayField(DateField):  # type: ignore[misc]
    """A day, or none."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read what was typed."""
        self.data = None
        try:
            super().process_formdata([text for text in valuelist if text.strip()])
        except ValueError:
            raise ValueError(_("Write a day such as %(example)s.", example=today().isoformat())) from None


class ClockField(TimeField):  # type: ignore[misc]
    """A time of day to the minute, or none."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read what was typed."""
        self.data = None
        try:
            super().process_formdata([text for text in valuelist if text.strip()])
        except ValueError:
            raise ValueError(_("Write a time such as 18:30.")) from None


class Moments(Form):
    """Pairs of a day and a time."""

    def moment(self, day: Field, clock: Field, *, usual: time | None = None) -> datetime | None:
        """Return the instant of a day and a time, `usual` where none is typed; puts what is wrong beside its field."""
        at = usual if clock.data is None and day.data is not None else clock.data
        if day.errors or clock.errors or (day.data is None and at is None):
            return None
        if day.data is None or at is None:
            missing, words = (day, _("Choose a day.")) if day.data is None else (clock, _("Choose a time."))
            missing.errors = [words]
            return None
        moment = instant(day.data, at)
        if moment is None:
            clock.errors = [_("The clocks are put forward that night: this time does not exist.")]
        return moment


class DatesForm(Moments):
    """When the vote opens and closes."""

    opens_day = DayField(_l("Day of the opening"))
    opens_time = ClockField(_l("Time of the opening"))
    closes_day = DayField(_l("Day of the close"))
    closes_time = ClockField(_l("Time of the close"))
    seen = HiddenField()

    @classmethod
    def of(cls, edition: Edition) -> Self:
        """Return the form filled with what is saved, or with what came in."""
        saved = dates_of(edition)
        opens_day, opens_time = wall(saved.opens_at)
        closes_day, closes_time = wall(saved.closes_at)
        return cls(
            data={
                "opens_day": opens_day,
                "opens_time": opens_time,
                "closes_day": closes_day,
                "closes_time": closes_time,
                "seen": mark(saved),
            }
        )

    def validate(self, extra_validators: Mapping[str, object] | None = None) -> bool:
        """Read the two moments, and refuse a close that comes too early."""
        super().validate(extra_validators)
        self.dates = Dates(
            self.moment(self.opens_day, self.opens_time), self.moment(self.closes_day, self.closes_time)
        )
        opens, closes = self.dates.opens_at, self.dates.closes_at
        if closes is not None and closes <= now():
            self.closes_day.errors = [_("The close has passed already. Choose a later one.")]
        elif opens is not None and closes is not None and closes <= opens:
            self.closes_day.errors = [_("The vote must close after it opens.")]
        return not self.errors


class ExtendForm(Moments):
    """Until when the vote goes on."""

    closes_day = DayField(_l("New day of the close"))
    closes_time = ClockField(_l("New time of the close"))

    @classmethod
    def of(cls, edition: Edition) -> Self:
        """Return the form filled with the present close, or with what came in."""
        closes_day, closes_time = wall(edition.closes_at)
        return cls(data={"closes_day": closes_day, "closes_time": closes_time})

    def validate(self, extra_validators: Mapping[str, object] | None = None) -> bool:
        """Read the moment."""
        super().validate(extra_validators)
        self.closes_at = self.moment(self.closes_day, self.closes_time)
        if self.closes_at is None and not self.errors:
            self.closes_day.errors = [_("Choose a day.")]
        return not self.errors


class PublishForm(Moments):
    """When a certified result is shown."""

    day = DayField(_l("Day of the publication"))
    time = ClockField(_l("Time of the publication"))

    def validate(self, extra_validators: Mapping[str, object] | None = None) -> bool:
        """Read the moment."""
        super().validate(extra_validators)
        self.at = self.moment(self.day, self.time)
        if self.at is None and not self.errors:
            self.day.errors = [_("Choose a day.")]
        return not self.errors


def instant(day: date, clock: time) -> datetime | None:
    """Return when the city's clocks show this; None for a time they jump over, the earlier of two when it comes twice."""
    wall = datetime.combine(day, clock)
    try:
        moment = from_local(wall)
        return moment if local(moment).replace(tzinfo=None) == wall else None
    except OverflowError:
        return None


def comes_twice(moment: datetime) -> bool:
    """Tell whether the city's clocks show the time of this instant twice that night, and this is the first."""
    wall = local(moment).replace(tzinfo=None, fold=0)
    return from_local(wall) == moment and from_local(wall.replace(fold=1)) != moment


def wall(moment: datetime | None) -> tuple[date | None, time | None]:
    """Return the day and the time that the city's clocks show."""
    if moment is None:
        return None, None
    shown = local(moment)
    return shown.date(), shown.time()


def minute(moment: datetime | None) -> tuple[date | None, time | None]:
    """Return the day and the time that a form shows of an instant: it knows no seconds."""
    return wall(moment.replace(second=0, microsecond=0) if moment is not None else None)
