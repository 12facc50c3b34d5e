from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from modules.participatory_budget.rules.ordering import shuffled

NUMBERS = st.lists(st.integers(1, 65_535), unique=True, max_size=40)


def order(numbers, seed):
    return shuffled(numbers, seed, lambda number: number)


@given(NUMBERS, st.binary(max_size=40))
def test_a_reader_always_gets_the_same_order(numbers, seed):
    assert order(numbers, seed) == order(reversed(numbers), seed)
    assert sorted(order(numbers, seed)) == sorted(numbers)


@given(NUMBERS, st.binary(max_size=40), st.sets(st.integers(1, 65_535)))
def test_projects_that_are_filtered_out_move_no_other(numbers, seed, hidden):
    kept = [number for number in numbers if number not in hidden]
    assert order(kept, seed) == [number for number in order(numbers, seed) if number not in hidden]


def test_every_project_is_first_about_as_often_as_any_other():
    readers = 3000
    first = Counter(order(range(1, 11), reader.to_bytes(4, "big"))[0] for reader in range(readers))
    assert set(first) == set(range(1, 11))
    assert all(0.7 < times / (readers / 10) < 1.3 for times in first.values())
