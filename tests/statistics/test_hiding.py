import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.statistics.hiding import LEAST, shown

numbers = st.lists(st.integers(0, 9) | st.integers(0, 500), max_size=12)


@pytest.mark.parametrize(
    ("counted", "seen", "total"),
    [
        ([0, 0, 7], [0, 0, 7], 7),
        ([3], [None], None),
        ([3, 9, 20], [None, None, 20], 32),
        ([1, 1, 6, 30], [None, None, None, 30], 38),
        ([3, 4, 20], [None, None, 20], 27),
        ([2, 0, 0], [None, 0, 0], None),
        ([], [], 0),
    ],
)
def test_small_numbers_go_and_what_would_give_them_away(counted, seen, total):
    found = shown(counted)
    assert (list(found.numbers), found.total) == (seen, total)


@given(numbers)
def test_no_small_number_is_shown_and_no_shown_one_is_wrong(counted):
    found = shown(counted)
    for number, seen in zip(counted, found.numbers, strict=True):
        assert seen in (number, None)
        assert seen is None or seen == 0 or seen >= LEAST
    assert found.total in (sum(counted), None)


@given(numbers)
def test_what_is_hidden_does_not_follow_from_the_total(counted):
    found = shown(counted)
    hidden = [n for n, seen in zip(counted, found.numbers, strict=True) if seen is None]
    if hidden and found.total is not None:
        left = found.total - sum(seen for seen in found.numbers if seen is not None)
        assert left == sum(hidden)
        # Each hidden number may be anything from 1 to what is left when the others are 1.
        assert len(hidden) > 1
        assert left - (len(hidden) - 1) >= LEAST


@given(numbers)
def test_nothing_is_hidden_without_need(counted):
    if all(number == 0 or number >= LEAST for number in counted):
        assert not shown(counted).hides
