from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from modules.participatory_budget.rules.statistics.small import Days, days_together, groups_together

FIRST = date(2026, 5, 1)


def days(*numbers):
    return [(FIRST + timedelta(days=place), number) for place, number in enumerate(numbers)]


def test_days_on_which_few_came_go_with_those_after_and_the_last_with_those_before():
    assert days_together(days(12, 3, 8, 20, 1), 10) == [
        Days(FIRST, FIRST, 12),
        Days(date(2026, 5, 2), date(2026, 5, 3), 11),
        Days(date(2026, 5, 4), date(2026, 5, 5), 21),
    ]


def test_groups_too_small_to_be_told_go_together():
    assert groups_together({"web": 90, "paper": 3, "code": 40}, 10) == {"code+paper": 43, "web": 90}
    assert groups_together({"web": 90, "paper": 12}, 10) == {"paper": 12, "web": 90}
    assert groups_together({"web": 4}, 10) == {"web": 4}
    assert groups_together({"web": 90, "paper": 3}, 10) == {}


@given(st.lists(st.integers(0, 40), max_size=30), st.integers(2, 12))
def test_no_number_below_the_limit_is_left_and_the_sum_stays(numbers, least):
    found = days_together(days(*numbers), least)
    assert sum(one.number for one in found) == sum(numbers)
    assert len(found) < 2 or all(one.number >= least for one in found)


@given(
    st.dictionaries(st.sampled_from(["web", "code", "booth", "paper"]), st.integers(0, 40)),
    st.integers(2, 12),
)
def test_no_group_below_the_limit_is_left_beside_another(numbers, least):
    found = groups_together(numbers, least)
    assert not found or sum(found.values()) == sum(numbers.values())
    assert len(found) < 2 or min(found.values()) >= least
