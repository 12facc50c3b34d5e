"""Rhythms, digests, quiet hours and further tries, on any day in any city."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.notify.rules import MOST_TRIES, next_daily, next_try, next_weekly, quiet_until

ZONES = st.sampled_from(
    [ZoneInfo(n) for n in ("Europe/Paris", "UTC", "Pacific/Apia", "America/St_Johns", "Australia/Lord_Howe")]
)
EPOCH = datetime(2009, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 820_000_000).map(lambda seconds: EPOCH + timedelta(seconds=seconds))
HOURS = st.integers(0, 23)
PARIS = ZoneInfo("Europe/Paris")


@given(MOMENTS, ZONES)
def test_a_digest_comes_in_the_morning_of_the_city_within_two_days(moment, zone):
    at = next_daily(moment, zone)
    assert moment < at <= moment + timedelta(hours=26)
    assert (at.astimezone(zone).hour, at.astimezone(zone).minute) == (7, 0)


@given(MOMENTS, ZONES)
def test_a_weekly_digest_comes_on_a_monday_and_is_a_daily_one_too(moment, zone):
    at = next_weekly(moment, zone)
    assert moment < at <= moment + timedelta(days=7, hours=2)
    assert at.astimezone(zone).weekday() == 0
    assert next_daily(at - timedelta(seconds=1), zone) == at


@given(MOMENTS, st.timedeltas(timedelta(), timedelta(days=3)), ZONES)
def test_what_happens_later_is_in_no_earlier_digest(moment, later, zone):
    assert next_daily(moment, zone) <= next_daily(moment + later, zone)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-03-28T12:00", "2026-03-29T05:00"),  # the clocks go forward that night
        ("2026-03-27T12:00", "2026-03-28T06:00"),
        ("2026-10-24T12:00", "2026-10-25T06:00"),  # and back that night
        ("2026-11-22T06:00", "2026-11-23T06:00"),  # at seven sharp: the next one
    ],
)
def test_seven_in_the_morning_is_seven_whatever_the_clocks_do(moment, expected):
    given_at, wanted = (datetime.fromisoformat(each).replace(tzinfo=UTC) for each in (moment, expected))
    assert next_daily(given_at, PARIS) == wanted


@given(MOMENTS, ZONES, HOURS, HOURS)
def test_quiet_hours_end_at_their_end_and_are_over_then(moment, zone, begins, ends):
    until = quiet_until(moment, zone, begins, ends)
    if until is not None:
        assert moment < until <= moment + timedelta(hours=25)
        assert quiet_until(until, zone, begins, ends) is None or until.astimezone(zone).hour != ends
    elif begins != ends:
        inside = (moment.astimezone(zone).hour - begins) % 24 < (ends - begins) % 24
        assert not inside or zone.key in (
            "Australia/Lord_Howe",
            "America/St_Johns",
            "Europe/Paris",
            "Pacific/Apia",
        )


@pytest.mark.parametrize(
    ("hour", "begins", "ends", "quiet"),
    [
        (23, 22, 7, True),
        (6, 22, 7, True),
        (7, 22, 7, False),
        (21, 22, 7, False),
        (13, 12, 14, True),
        (3, 3, 3, False),
    ],
)
def test_quiet_hours_may_lie_over_midnight(hour, begins, ends, quiet):
    moment = datetime(2026, 11, 22, hour, 30, tzinfo=UTC)
    assert (quiet_until(moment, ZoneInfo("UTC"), begins, ends) is not None) == quiet


def test_without_quiet_hours_no_hour_is_quiet():
    assert quiet_until(datetime(2026, 11, 22, 3, tzinfo=UTC), PARIS, None, 7) is None


@given(st.integers(1, MOST_TRIES - 1), MOMENTS, st.floats(0, 1))
def test_tries_grow_rarer_and_spread(tries, moment, chance):
    again = next_try(tries, moment, chance)
    longest = min(timedelta(minutes=2 ** (tries - 1)), timedelta(hours=4))
    assert moment + longest <= again <= moment + longest * 1.5
    assert next_try(MOST_TRIES, moment, chance) is None
