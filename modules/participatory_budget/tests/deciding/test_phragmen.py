"""Sequential Phragmén, against a reckoning voter by voter."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from ...rules.outcomes import Method, Reason, ReasonCode, Rule
from ...rules.ties import Contender
from ..counting_cases import decide


def counted(ballots, paper, **more):
    votes = {one.number: sum(one.number in ballot for ballot in ballots) for one in paper}
    return decide(votes, paper, Rule(method=Method.PHRAGMEN, **more), ballots=lambda: ballots)


def test_a_minority_gets_its_project_before_the_majority_gets_everything():
    ballots = [[1, 2, 3]] * 6 + [[4]] * 4
    paper = [Contender(number, 60) for number in (1, 2, 3, 4)]
    decision = counted(ballots, paper, budget=180)
    # Six voters have 60 together at 10 each, four at 15, and the six again at 20.
    assert decision.funded == (1, 2, 4)
    assert [one.reason for one in decision.outcomes if one.funded] == [
        Reason(ReasonCode.EARNED, by=10),
        Reason(ReasonCode.EARNED, by=20),
        Reason(ReasonCode.EARNED, by=15),
    ]
    assert decision.outcomes[2].reason == Reason(ReasonCode.OVER_LEFT, left=0, by=60)


def test_the_count_ends_at_the_first_project_that_does_not_fit():
    decision = counted(
        [[1]] * 3 + [[2]] * 2 + [[3]], [Contender(1, 60), Contender(2, 60), Contender(3, 40)], budget=100
    )
    assert decision.funded == (1,)
    assert decision.outcomes[1].reason == Reason(ReasonCode.OVER_LEFT, left=40, by=20)
    assert decision.outcomes[2].reason == Reason(ReasonCode.AFTER_STOP, left=40)


def test_projects_that_come_due_together_without_money_for_both_are_a_tie():
    decision = counted([[1], [2]], [Contender(1, 10), Contender(2, 10)], budget=15)
    assert decision.funded == (1,)
    assert decision.ties[0].projects == (1, 2)


@st.composite
def cases(draw):
    paper = [Contender(number, draw(st.integers(1, 9))) for number in range(1, draw(st.integers(1, 6)) + 1)]
    numbers = [one.number for one in paper]
    ballots = draw(st.lists(st.lists(st.sampled_from(numbers), unique=True, min_size=1), max_size=8))
    return ballots, paper, draw(st.integers(1, 25))


def voter_by_voter(ballots, paper, budget):
    """Return the winners in the order in which they are bought."""
    loads = [Fraction(0)] * len(ballots)
    left, won = budget, []
    able = [one for one in paper if one.cost <= budget and any(one.number in ballot for ballot in ballots)]
    while able:
        due = {}
        for one in able:
            mine = [load for load, ballot in zip(loads, ballots, strict=True) if one.number in ballot]
            due[one] = (sum(mine) + one.cost) / len(mine)
        soonest = min(due.values())
        first = [one for one in able if due[one] == soonest]
        if any(one.cost > left for one in first):
            break
        bought = min(first, key=lambda one: (one.cost, paper.index(one)))
        loads = [
            soonest if bought.number in ballot else load for load, ballot in zip(loads, ballots, strict=True)
        ]
        left -= bought.cost
        won.append(bought.number)
        able.remove(bought)
    return won


@given(cases())
@settings(max_examples=100)
def test_winners_are_those_of_a_reckoning_voter_by_voter(case):
    ballots, paper, budget = case
    decision = counted(ballots, paper, budget=budget)
    won = sorted((one for one in decision.outcomes if one.funded), key=lambda one: one.rank)
    assert [one.project for one in won] == voter_by_voter(*case)
