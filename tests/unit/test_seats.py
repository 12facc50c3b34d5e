import threading

import pytest

from app.web.seats import Seats, share_of


def test_one_city_gets_its_share_and_another_still_finds_a_seat():
    seats = Seats(2, patience=0)
    assert [seats.take("a") for _ in range(4)] == [True, True, False, False]
    assert seats.take("b")


def test_a_seat_given_back_can_be_taken_again():
    seats = Seats(1, patience=0)
    assert seats.take("a")
    assert not seats.take("a")
    seats.leave("a")
    assert seats.take("a")


def test_who_waits_gets_the_seat_that_becomes_free():
    seats, got = Seats(1, patience=30), []
    assert seats.take("a")
    waiting = threading.Thread(target=lambda: got.append(seats.take("a")))
    waiting.start()
    seats.leave("a")
    waiting.join()
    assert got == [True]


def test_once_nothing_became_free_later_ones_do_not_wait_until_something_does():
    seats = Seats(1, patience=0.01)
    assert seats.take("a")
    assert not seats.take("a")
    seats._patience = 3600
    assert not seats.take("a")
    seats.leave("a")
    assert seats.take("a")


@pytest.mark.parametrize(("threads", "share"), [(1, 1), (2, 1), (4, 3), (8, 6), (16, 12)])
def test_a_city_may_have_three_quarters_of_the_threads(threads, share):
    assert share_of(threads) == share
