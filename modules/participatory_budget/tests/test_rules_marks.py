import pytest
from hypothesis import given
from hypothesis import strategies as st

from ..rules.ballots import BallotType
from ..rules.marks import as_choices, decode_marks, encode_marks

numbers = st.sets(st.integers(1, 65_535), max_size=40)


@given(numbers)
def test_a_set_of_projects_comes_back_as_it_was_stored(chosen):
    for kind in (BallotType.APPROVAL, BallotType.KNAPSACK):
        assert decode_marks(kind, encode_marks(kind, as_choices(chosen))) == as_choices(chosen)


@given(numbers.flatmap(lambda chosen: st.permutations(sorted(chosen))))
def test_a_ranking_comes_back_in_its_order(ranked):
    marks = {number: place for place, number in enumerate(ranked, start=1)}
    assert list(decode_marks(BallotType.RANKED, encode_marks(BallotType.RANKED, marks)).items()) == list(
        marks.items()
    )


@given(st.dictionaries(st.integers(1, 65_535), st.integers(1, 65_535), max_size=40))
def test_points_and_grades_come_back_and_equal_ballots_have_equal_bytes(marks):
    backwards = dict(reversed(list(marks.items())))
    for kind in (BallotType.POINTS, BallotType.JUDGEMENT):
        assert decode_marks(kind, encode_marks(kind, marks)) == marks
        assert encode_marks(kind, backwards) == encode_marks(kind, marks)


@pytest.mark.parametrize(
    ("kind", "marks"),
    [
        (BallotType.RANKED, {1: 1, 2: 3}),
        (BallotType.RANKED, {1: 1, 2: 1}),
        (BallotType.POINTS, {1: 0}),
        (BallotType.JUDGEMENT, {0: 1}),
        (BallotType.JUDGEMENT, {1: 70_000}),
    ],
    ids=["gap", "same place", "no points", "no number", "too many"],
)
def test_what_was_not_checked_is_not_stored(kind, marks):
    with pytest.raises(ValueError, match=r"."):
        encode_marks(kind, marks)


@pytest.mark.parametrize(
    ("kind", "stored"),
    [
        (BallotType.RANKED, b"\x00\x01\x00\x01"),
        (BallotType.RANKED, b"\x00"),
        (BallotType.POINTS, b"\x00\x01"),
        (BallotType.POINTS, b"\x00\x02\x00\x01\x00\x01\x00\x01"),
        (BallotType.JUDGEMENT, b"\x00\x01\x00\x00"),
    ],
    ids=["twice", "odd", "no mark", "falling", "no grade"],
)
def test_what_was_not_written_is_not_read(kind, stored):
    with pytest.raises(ValueError, match=r"."):
        decode_marks(kind, stored)
