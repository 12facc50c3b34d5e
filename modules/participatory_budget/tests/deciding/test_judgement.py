"""Majority judgement: the order by grades, and who wins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ...rules.ballots import BallotRule, BallotType
from ...rules.counting.counted import count_marks
from ...rules.counting.judgement import Judgement, compare
from ...rules.outcomes import Method, ReasonCode, Rule
from ...rules.ties import Contender, Tie, TieBreak
from ...rules.winners import decide

PARIS = ("not convinced", "why not", "like", "love")
BALLOT = BallotRule(BallotType.JUDGEMENT, grades=PARIS)


def decided(ballots, paper, rule):
    numbers = [one.number for one in paper]
    found = count_marks(BallotType.JUDGEMENT, BALLOT, ((ballot, 1) for ballot in ballots), numbers)
    return decide(found, paper, rule)


def test_the_majority_grade_is_the_lower_of_the_middle_ones():
    assert Judgement((1, 1, 1, 1)).majority_grade == 2
    assert Judgement((1, 1, 1, 2)).majority_grade == 3
    assert Judgement((0, 0, 0, 1)).majority_grade == 4


def test_who_gave_no_grade_gave_the_lowest():
    assert Judgement.of((0, 0, 1, 2), 7) == Judgement((4, 0, 1, 2))
    with pytest.raises(ValueError, match="3 grades of 2 voters"):
        Judgement.of((0, 0, 1, 2), 2)


def test_the_gauge_speaks_for_or_against():
    assert Judgement((2, 3, 1, 3)).gauge == 4
    assert Judgement((4, 3, 1, 1)).gauge == -4
    assert Judgement((2, 3, 2, 0)).gauge == -2


def test_a_better_middle_grade_comes_before_more_of_the_best():
    assert compare(Judgement((4, 2, 5, 0)), Judgement((6, 0, 0, 5))) > 0


def test_equal_gauges_are_told_apart_by_taking_the_middle_away():
    # Both have "like" in the middle, and four worse grades speak against both.
    one, other = Judgement((2, 2, 3, 2)), Judgement((1, 3, 3, 2))
    assert (one.majority_grade, one.gauge) == (other.majority_grade, other.gauge) == (3, -4)
    assert compare(one, other) < 0


def test_projects_win_in_the_order_of_their_grades():
    paper = [Contender(1, 50), Contender(2, 50), Contender(3, 50)]
    ballots = [{1: 4, 2: 3}, {1: 1, 2: 3, 3: 4}, {1: 1, 2: 2, 3: 1}]
    decision = decided(ballots, paper, Rule(100, method=Method.MAJORITY_JUDGEMENT))
    assert [(one.project, one.rank, one.funded) for one in decision.outcomes] == [
        (1, 2, True),
        (2, 1, True),
        (3, 3, False),
    ]
    assert decision.outcomes[1].grades == (0, 1, 2, 0)
    assert decision.outcomes[1].score is None
    assert decision.ties == (Tie("", None, (1, 3), TieBreak.DECLARED_ORDER),)


def test_as_many_win_as_there_are_places():
    paper = [Contender(number, 1) for number in (1, 2, 3)]
    decision = decided(
        [{1: 2, 2: 3, 3: 4}], paper, Rule(100, method=Method.MAJORITY_JUDGEMENT, max_winners=2)
    )
    assert decision.funded == (2, 3)


def test_what_everybody_gave_the_lowest_grade_never_wins():
    decision = decided([{1: 1}], [Contender(1, 1)], Rule(100, method=Method.MAJORITY_JUDGEMENT))
    assert decision.outcomes[0].reason.code is ReasonCode.NO_VOTES


def value(grades):
    """Return the middle grades as they come when the middle one is taken away, one by one."""
    sorted_grades = [grade for grade, times in enumerate(grades, start=1) for _ in range(times)]
    found = []
    while sorted_grades:
        found.append(sorted_grades.pop((len(sorted_grades) - 1) // 2))
    return found


counts = st.integers(1, 9).flatmap(
    lambda voters: st.lists(
        st.lists(st.integers(1, 4), min_size=voters, max_size=voters).map(
            lambda given: tuple(given.count(grade) for grade in range(1, 5))
        ),
        min_size=3,
        max_size=3,
    )
)


def by_definition(grades):
    judgement = Judgement(grades)
    return judgement.majority_grade, judgement.gauge, value(grades)


@given(counts)
def test_the_order_is_the_one_of_the_definition(three):
    for one in three:
        for other in three:
            expected, found = by_definition(one), by_definition(other)
            order = (expected > found) - (expected < found)
            assert compare(Judgement(one), Judgement(other)) == order


@given(counts)
def test_equal_only_to_the_same_grades(three):
    one, other, _third = three
    assert (compare(Judgement(one), Judgement(other)) == 0) == (one == other)
