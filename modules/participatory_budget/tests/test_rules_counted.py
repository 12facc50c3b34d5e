"""What a count of one contest knows, for every type of ballot."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ..rules.ballots import BallotRule, BallotType
from ..rules.counting.counted import Counted, count_marks

RULES = {
    BallotType.APPROVAL: BallotRule(max_choices=3),
    BallotType.POINTS: BallotRule(BallotType.POINTS, points=10),
    BallotType.RANKED: BallotRule(BallotType.RANKED, max_choices=3),
    BallotType.JUDGEMENT: BallotRule(BallotType.JUDGEMENT, grades=("no", "perhaps", "yes")),
}


def counted(kind: BallotType, *ballots: dict[int, int], projects: tuple[int, ...] = (1, 2, 3)) -> Counted:
    return count_marks(kind, RULES[kind], ((ballot, 1) for ballot in ballots), projects)


def test_an_approval_is_a_vote_and_a_score_of_one() -> None:
    found = counted(BallotType.APPROVAL, {1: 1, 2: 1}, {2: 1}, {})
    assert (found.ballots, found.blank, found.voters) == (3, 1, 2)
    assert found.votes == found.scores == {1: 1, 2: 2, 3: 0}


def test_points_are_added_up() -> None:
    found = counted(BallotType.POINTS, {1: 7, 2: 3}, {2: 10})
    assert (found.votes, found.scores) == ({1: 1, 2: 2, 3: 0}, {1: 7, 2: 13, 3: 0})


def test_the_places_of_a_ranking_give_three_two_and_one_points_as_in_krakow() -> None:
    found = counted(BallotType.RANKED, {3: 1, 1: 2, 2: 3}, {3: 1})
    assert found.scores == {1: 2, 2: 1, 3: 6}


def test_grades_are_counted_each_alone() -> None:
    found = counted(BallotType.JUDGEMENT, {1: 3, 2: 1}, {1: 2})
    assert found.grades == {1: (0, 1, 1), 2: (1, 0, 0), 3: (0, 0, 0)}
    assert not found.scores


def test_equal_ballots_are_given_back_together() -> None:
    found = counted(BallotType.POINTS, {1: 7, 2: 3}, {2: 10}, {2: 3, 1: 7})
    assert list(found.groups()) == [({1: 7, 2: 3}, 2), ({2: 10}, 1)]
    assert list(found.groups()) == list(found.groups())


def test_a_ballot_with_a_stranger_or_an_impossible_mark_is_not_counted() -> None:
    with pytest.raises(ValueError, match="no such project"):
        counted(BallotType.APPROVAL, {9: 1})
    with pytest.raises(ValueError, match="no such mark"):
        counted(BallotType.RANKED, {1: 4})
    with pytest.raises(ValueError, match="no such mark"):
        counted(BallotType.JUDGEMENT, {1: 4})


def test_ballots_that_were_not_kept_cannot_be_asked_for() -> None:
    found = count_marks(BallotType.APPROVAL, BallotRule(), [({1: 1}, 2)], (1,), keep=False)
    assert found.votes == {1: 2}
    with pytest.raises(TypeError):
        found.groups()


marks = st.dictionaries(st.integers(1, 3), st.integers(1, 3), max_size=3)


@given(ballots=st.lists(marks, max_size=12), data=st.data())
@settings(max_examples=60)
def test_the_order_of_ballots_makes_no_difference(ballots: list[dict[int, int]], data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from([BallotType.POINTS, BallotType.JUDGEMENT]))
    one = counted(kind, *ballots)
    other = counted(kind, *data.draw(st.permutations(ballots)))
    assert one == other
    assert list(one.groups()) == list(other.groups())
