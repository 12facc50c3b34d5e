import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.config import read
from app.core.quotas import USUAL, Resource, Use, news

NEEDED = {"DATABASE_URL": "postgresql://a:b@localhost/c", "REDIS_URL": "redis://localhost/0"}


def accounts(used, most=100):
    return Use(Resource.ACCOUNTS, used, most)


@pytest.mark.parametrize(
    ("used", "most", "level"),
    [(0, 10, 0), (7, 10, 0), (8, 10, 80), (9, 10, 80), (10, 10, 100), (11, 10, 100), (0, 0, 100)],
)
def test_the_level_says_whether_little_or_nothing_is_left(used, most, level):
    assert accounts(used, most).level == level


def test_each_level_is_told_once():
    told, heard = {}, []
    for used in (10, 80, 85, 99, 100, 120):
        fresh, told = news(told, [accounts(used)])
        heard += [(used, use.level) for use in fresh]
    assert heard == [(80, 80), (100, 100)]


def test_nobody_is_told_twice_while_use_goes_up_and_down_around_a_level():
    told, heard = {}, []
    for used in (80, 79, 81, 71, 80):
        fresh, told = news(told, [accounts(used)])
        heard += fresh
    assert len(heard) == 1


def test_after_there_was_much_room_again_people_are_told_again():
    _, told = news({}, [accounts(100)])
    fresh, told = news(told, [accounts(50)])
    assert (fresh, told) == ([], {})
    fresh, _ = news(told, [accounts(80)])
    assert [use.level for use in fresh] == [80]


@given(st.lists(st.integers(0, 150), max_size=30))
def test_what_is_told_is_always_so_and_never_told_twice_in_a_row(amounts):
    told = {}
    for used in amounts:
        before = told.get("accounts", 0)
        fresh, told = news(told, [accounts(used)])
        assert all(use.level > before for use in fresh)
        assert told.get("accounts", 0) >= accounts(used).level


def test_what_every_city_may_use_comes_from_the_environment():
    given_ = read({**NEEDED, "QUOTA_MAILS": "7", "QUOTA_STORAGE": "12"}).quotas
    assert given_ == {**USUAL, Resource.MAILS: 7, Resource.STORAGE: 12}
