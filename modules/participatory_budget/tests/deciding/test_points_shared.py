"""Equal Shares with points, the comparison step, and what limits do to it."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ...rules.ballots import BallotRule, BallotType
from ...rules.counting.counted import count_marks
from ...rules.equal_shares import Completion
from ...rules.outcomes import Comparison, Method, Reason, ReasonCode, Rule
from ...rules.ties import Contender
from ...rules.winners import decide as decide_counted
from ..counting_cases import decide, equal_shares

NONE = {"completion": Completion.NONE}


def contenders(*costs):
    return [Contender(number, cost) for number, cost in enumerate(costs, start=1)]


def test_who_gave_twice_as_many_points_pays_twice_as_much():
    found = equal_shares([{1: 2}, {1: 1}], contenders(30), 60, **NONE)
    # Each has 30; x for each point: 2x + x = 30.
    assert [(one.project, one.payment) for one in found.purchases] == [(1, Fraction(20))]


def test_who_cannot_pay_for_her_points_gives_all_she_has():
    found = equal_shares([{1: 9}, {1: 1}], contenders(50), 60, **NONE)
    assert found.purchases[0].payment == 30
    found = equal_shares([{1: 9, 2: 1}, {1: 1}], contenders(50, 25), 60, **NONE)
    assert [one.project for one in found.purchases] == [1]
    assert found.means[2] == 0


def test_the_project_that_asks_the_least_for_each_point_is_bought_first():
    ballots = [{1: 5, 2: 1}, {1: 1, 2: 5, 3: 4}]
    found = equal_shares(ballots, contenders(12, 6, 5), 22, **NONE)
    assert [one.project for one in found.purchases] == [2, 3]


def test_rankings_are_points_by_place():
    rule = BallotRule(BallotType.RANKED, max_choices=3)
    ballots = [({1: 1, 2: 2}, 2), ({3: 1}, 1)]
    counted = count_marks(BallotType.RANKED, rule, ballots, (1, 2, 3))
    paper = contenders(10, 10, 10)
    decision = decide_counted(
        counted, paper, Rule(30, method=Method.EQUAL_SHARES, completion=Completion.NONE)
    )
    assert decision.funded == (1, 2, 3)
    assert [one.score for one in decision.outcomes] == [6, 4, 3]


def shares(ballots, paper, **more):
    votes = {one.number: sum(one.number in ballot for ballot in ballots) for one in paper}
    rule = Rule(method=Method.EQUAL_SHARES, **{"completion": Completion.NONE, **more})
    return decide(votes, paper, rule, ballots=lambda: ballots)


def test_greedy_stands_when_more_voters_have_more_in_it():
    # Alone, neither of the two groups can pay for the big project; greedy gives it to them.
    ballots = [[1], [1], [1], [1, 2]]
    paper = [Contender(1, 100), Contender(2, 20)]
    decision = shares(ballots, paper, budget=100, comparison=True)
    assert decision.comparisons == (Comparison("", 0, 0),)
    ballots = [[1, 2], [1, 3], [1, 3], [2]]
    paper = [Contender(1, 90), Contender(2, 30), Contender(3, 30)]
    decision = shares(ballots, paper, budget=100, comparison=True)
    alone = shares(ballots, paper, budget=100)
    found = decision.comparisons[0]
    assert (decision.funded == alone.funded) == (not found.greedy_stands)


def test_a_tie_in_the_comparison_leaves_equal_shares_standing():
    assert not Comparison("", 21, 21).greedy_stands
    assert Comparison("", 1625, 1626).greedy_stands


def test_voters_without_anything_on_one_side_are_compared_too():
    ballots = [[1]] * 3 + [[2]] * 2
    paper = [Contender(1, 60), Contender(2, 30)]
    decision = shares(ballots, paper, budget=75, comparison=True)
    # Shares of 15 buy the second for its two voters, greedy the first for its three.
    assert decision.comparisons == (Comparison("", 2, 3),)
    assert decision.funded == (1,)
    assert decision.outcomes[0].reason.code is ReasonCode.FUNDED


def test_a_rival_is_not_bought_and_raising_the_shares_ends():
    ballots = [[1, 2], [1, 2], [3]]
    decision = shares(
        ballots, contenders(10, 10, 10), budget=1000, exclusive=((1, 2),), completion=Completion.ADD1U
    )
    assert decision.funded == (1, 3)
    assert decision.outcomes[1].reason == Reason(ReasonCode.RIVAL_WON, other=1)


def test_the_places_are_limited_too():
    decision = shares(
        [[1, 2], [3]], contenders(10, 10, 10), budget=100, max_winners=1, completion=Completion.ADD1
    )
    assert len(decision.funded) == 1


def test_add1_can_end_as_soon_as_nothing_more_fits():
    ballots, paper = [[1], [2], [3, 1], [3, 1]], contenders(60, 40, 90)
    early = equal_shares(
        ballots, paper, 100, completion=Completion.ADD1, step=Fraction(1), exhaustive_stop=True
    )
    late = equal_shares(ballots, paper, 100, completion=Completion.ADD1, step=Fraction(1))
    assert early.steps <= late.steps
    assert early.funded == {1, 2}


@pytest.mark.parametrize("projects", [1100])
def test_a_thousand_winners_are_no_limit(projects):
    ballots = [[number] for number in range(1, projects + 1)]
    found = equal_shares(ballots, contenders(*[1] * projects), projects, **NONE)
    assert len(found.purchases) == projects


@st.composite
def cases(draw):
    numbers = list(range(1, draw(st.integers(1, 4)) + 1))
    paper = [Contender(number, draw(st.integers(0, 12))) for number in numbers]
    marks = st.dictionaries(st.sampled_from(numbers), st.integers(1, 5), min_size=1)
    return draw(st.lists(marks, min_size=1, max_size=6)), paper, draw(st.integers(1, 40))


def voter_by_voter(ballots, paper, money):
    """Buy by the definition: every project's price found by trying the points at which a voter has no more."""
    budgets = [Fraction(money, len(ballots))] * len(ballots)
    left, bought = list(paper), []
    while True:
        asks = {}
        for one in left:
            mine = [
                (budgets[i], ballot[one.number]) for i, ballot in enumerate(ballots) if one.number in ballot
            ]
            if not mine or sum(have for have, _points in mine) < one.cost:
                continue
            steps = sorted({have / points for have, points in mine})
            below = max(s for s in [Fraction(0), *steps] if _paid(mine, s) <= one.cost)
            slope = sum(points for have, points in mine if have / points > below)
            rest = one.cost - _paid(mine, below)
            asks[one] = below + (rest / slope if rest else 0)
            if not one.cost:
                asks[one] = Fraction(0)
        if not asks:
            return bought
        least = min(asks.values())
        first = min((one for one in asks if asks[one] == least), key=lambda one: (one.cost, one.number))
        budgets = [
            have - min(have, least * ballot.get(first.number, 0))
            for have, ballot in zip(budgets, ballots, strict=True)
        ]
        left.remove(first)
        bought.append(first.number)


def _paid(mine, price):
    return sum(min(have, price * points) for have, points in mine)


@given(cases())
@settings(max_examples=100)
def test_points_are_counted_as_the_definition_says(case):
    ballots, paper, money = case
    found = equal_shares(ballots, paper, money, **NONE)
    assert [one.project for one in found.purchases] == voter_by_voter(*case)
