from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.accounts.households.rules import (
    Area,
    Part,
    Right,
    Standing,
    areas_of,
    last_day,
    may_act,
    standing,
)

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
TODAY = NOW.date()
EMMA = Right(Part.GUARDIAN, frozenset(Area), accepted_at=NOW, born=date(2016, 5, 1))
HELP = Right(Part.HELPER, frozenset({Area.BOOK}), accepted_at=NOW)

FIRST, LAST = datetime(2020, 1, 1, tzinfo=UTC), datetime(2035, 1, 1, tzinfo=UTC)
instants = st.one_of(
    st.none(),
    st.datetimes(FIRST.replace(tzinfo=None), LAST.replace(tzinfo=None), timezones=st.just(UTC)),
)
days = st.one_of(st.none(), st.dates(date(2000, 1, 1), date(2035, 1, 1)))
rights = st.builds(
    Right,
    st.sampled_from(Part),
    st.frozensets(st.sampled_from(Area)),
    instants,
    instants,
    st.booleans(),
    instants,
    days,
    days,
)


def stands(right, day=TODAY):
    return standing(right, at=NOW, today=day)


def test_a_right_opens_when_it_is_accepted():
    assert stands(replace(HELP, accepted_at=None)) is Standing.INVITED
    assert stands(HELP) is Standing.OPEN


def test_a_paper_that_nobody_has_seen_opens_nothing():
    paper = replace(HELP, needs_paper=True)
    assert stands(paper) is Standing.WAITS_FOR_PAPER
    assert stands(replace(paper, confirmed_at=NOW)) is Standing.OPEN


def test_the_eighteenth_birthday_ends_a_guardianship():
    assert stands(EMMA, date(2034, 4, 30)) is Standing.OPEN
    assert stands(EMMA, date(2034, 5, 1)) is Standing.GROWN_UP
    assert last_day(EMMA) == date(2034, 4, 30)


def test_a_child_of_29_february_grows_up_on_1_march():
    leap = replace(EMMA, born=date(2016, 2, 29))
    assert stands(leap, date(2034, 2, 28)) is Standing.OPEN
    assert stands(leap, date(2034, 3, 1)) is Standing.GROWN_UP


def test_the_last_day_is_still_one():
    until = replace(HELP, ends_on=TODAY)
    assert stands(until) is Standing.OPEN
    assert stands(until, TODAY + timedelta(days=1)) is Standing.ENDED
    assert last_day(until) == TODAY


def test_a_helper_does_what_was_agreed_and_nothing_else():
    assert may_act(HELP, Area.BOOK, at=NOW, today=TODAY)
    assert not may_act(HELP, Area.ENROL, at=NOW, today=TODAY)
    assert areas_of(Part.GUARDIAN, []) == frozenset(Area)
    assert areas_of(Part.HELPER, [Area.BOOK]) == {Area.BOOK}


def test_nothing_can_be_voted_for_somebody_else():
    assert [area for area in Area if "vot" in area or "ballot" in area] == []


@given(rights, st.sampled_from(Area))
def test_whoever_may_act_has_an_open_right_for_it(right, area):
    if may_act(right, area, at=NOW, today=TODAY):
        assert area in right.areas
        assert right.accepted_at is not None
        assert right.withdrawn_at is None or right.withdrawn_at > NOW
        assert right.ends_on is None or right.ends_on >= TODAY
        assert not right.needs_paper or right.confirmed_at is not None
        assert last_day(right) is None or last_day(right) >= TODAY


@given(rights, st.sampled_from(Area))
def test_withdrawing_ends_every_right_at_once(right, area):
    assert not may_act(replace(right, withdrawn_at=NOW), area, at=NOW, today=TODAY)


@given(rights, st.integers(1, 9000))
def test_what_has_ended_does_not_begin_again(right, later):
    if standing(right, at=NOW, today=TODAY) in (Standing.WITHDRAWN, Standing.ENDED, Standing.GROWN_UP):
        then = NOW + timedelta(days=later)
        assert not may_act(right, None, at=then, today=then.date())
