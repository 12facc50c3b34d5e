"""Days and times by the city's clocks, also on the nights when they jump."""

from datetime import UTC, datetime

import pytest

from . import arranging
from .clerk import Clerk, value_of, words

DAY = {"opens_day": "2026-12-01", "opens_time": "08:00", "closes_day": "2026-12-10", "closes_time": "18:00"}


@pytest.fixture
def clerk(site, frozen):
    frozen("2026-09-01T10:00")
    found = Clerk(site)
    found.create()
    return found


@pytest.fixture
def window(in_city):
    def read(city="paris"):
        with in_city(city):
            found = arranging.edition_of()
            return found.opens_at, found.closes_at

    return read


def test_the_citys_clocks_are_meant_and_shown_again_in_words(clerk, window):
    clerk.save("/dates", DAY)
    assert window() == (datetime(2026, 12, 1, 7, tzinfo=UTC), datetime(2026, 12, 10, 17, tzinfo=UTC))
    page = clerk.get("/dates")
    assert value_of(page, "opens_time") == "08:00"
    assert "The vote opens Tuesday, December 1, 2026, 8:00" in words(page)
    assert "Paris (Europe/Paris)" in words(page)


def test_summer_and_winter_time_are_each_their_own(clerk, window):
    clerk.save("/dates", {**DAY, "opens_day": "2026-10-24", "opens_time": "12:00"})
    assert window()[0] == datetime(2026, 10, 24, 10, tzinfo=UTC)
    clerk.save("/dates", {**DAY, "opens_day": "2026-10-25", "opens_time": "12:00"})
    assert window()[0] == datetime(2026, 10, 25, 11, tzinfo=UTC)


def test_a_time_that_the_clocks_jump_over_is_refused_as_typed(clerk, window):
    answer = clerk.post("/dates", {**DAY, "closes_day": "2027-03-28", "closes_time": "02:30"})
    assert answer.status_code == 422
    assert "The clocks are put forward that night: this time does not exist." in words(answer)
    assert value_of(answer, "closes_time") == "02:30"
    assert window() == (None, None)


@pytest.mark.parametrize(("clock", "at"), [("01:59", "00:59"), ("03:00", "01:00"), ("03:01", "01:01")])
def test_the_minutes_beside_the_jump_are_taken(clerk, window, clock, at):
    clerk.save("/dates", {**DAY, "closes_day": "2027-03-28", "closes_time": clock})
    assert window()[1] == datetime.fromisoformat(f"2027-03-28T{at}+00:00")


def test_of_a_time_that_comes_twice_the_first_is_meant_and_said(clerk, window):
    clerk.save("/dates", {**DAY, "opens_day": "2026-10-25", "opens_time": "02:30"})
    assert window()[0] == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert "2:30 AM comes twice" in clerk.words()
    clerk.save("/dates", {**DAY, "opens_day": "2026-10-25", "opens_time": "03:00"})
    assert window()[0] == datetime(2026, 10, 25, 2, 0, tzinfo=UTC)
    assert "comes twice" not in clerk.words()


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"opens_time": ""}, "Choose a time."),
        ({"closes_day": ""}, "Choose a day."),
        ({"closes_day": "10/12/2026"}, "Write a day such as 2026-09-01."),
        ({"opens_time": "8 am"}, "Write a time such as 18:30."),
        ({"closes_day": "2026-11-30"}, "The vote must close after it opens."),
        ({"closes_day": "2026-12-01", "closes_time": "08:00"}, "The vote must close after it opens."),
        ({"closes_day": "2026-08-31"}, "The close has passed already."),
    ],
)
def test_dates_that_cannot_be_are_refused_as_typed(clerk, window, answers, error):
    given = {**DAY, **answers}
    answer = clerk.post("/dates", given)
    assert answer.status_code == 422
    assert error in words(answer)
    for name, text in given.items():
        if text:
            assert value_of(answer, name) == text
    assert window() == (None, None)


def test_the_opening_may_be_left_to_the_hand(clerk, window):
    clerk.save("/dates", {**DAY, "opens_day": "", "opens_time": ""})
    assert window()[0] is None
    assert "Say when the vote opens, or open it by hand." in clerk.words()


def test_each_city_has_its_own_clocks(site, frozen, window, in_city):
    frozen("2026-09-01T10:00")
    with in_city("budapest"):
        from app.sdk import current_city

        assert current_city().time_zone == "Europe/Budapest"
    clerk = Clerk(site, city="budapest")
    clerk.create()
    clerk.save("/dates", DAY)
    assert window("budapest")[0] == datetime(2026, 12, 1, 7, tzinfo=UTC)


def test_the_vote_can_close_later_and_not_earlier(site, frozen, window):
    frozen("2026-11-22T10:00")
    clerk = Clerk(site)
    clerk.prepare(closes="2026-12-10")
    clerk.take("open")
    assert value_of(clerk.get("/extend"), "closes_day") == "2026-12-10"
    early = clerk.post("/extend", {"closes_day": "2026-12-09", "closes_time": "18:00"})
    assert early.status_code == 422
    assert "Choose a time after the present close." in words(early)
    assert value_of(early, "closes_day") == "2026-12-09"
    clerk.save("/extend", {"closes_day": "2026-12-12", "closes_time": "20:15"})
    assert window()[1] == datetime(2026, 12, 12, 19, 15, tzinfo=UTC)
    assert "The vote closes on December 12, 2026, 8:15 PM." in clerk.words()


def test_a_vote_that_was_extended_does_not_close_at_its_first_time(site, frozen, run_tasks, in_city):
    frozen("2026-11-22T10:00")
    clerk = Clerk(site)
    clerk.prepare(closes="2026-12-10")
    clerk.take("open")
    clerk.save("/extend", {"closes_day": "2026-12-12", "closes_time": "18:00"})
    frozen("2026-12-10T17:00:01")
    run_tasks()
    assert "The vote closes on Saturday, December 12, 2026" in clerk.words()
    frozen("2026-12-12T17:00:01")
    assert "participatory_budget.close" in run_tasks()
    assert "Counted, not published" in clerk.words()
