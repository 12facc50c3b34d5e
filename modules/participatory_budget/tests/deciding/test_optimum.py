"""The best choice of projects, against trying every choice."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ...rules.counting import optimum
from ...rules.outcomes import Method, Reason, ReasonCode, Rule, Spending
from ...rules.ties import Contender
from ..counting_cases import decide


def rule_of(budget, **more):
    return Rule(budget, method=Method.OPTIMUM, **more)


def test_two_cheap_projects_beat_the_most_voted_one():
    paper = [Contender(1, 100), Contender(2, 50), Contender(3, 50)]
    decision = decide({1: 10, 2: 7, 3: 6}, paper, rule_of(100))
    assert decision.funded == (2, 3)
    assert [one.reason for one in decision.outcomes] == [
        Reason(ReasonCode.NOT_IN_BEST_SET, by=3),
        Reason(ReasonCode.IN_BEST_SET, by=3),
        Reason(ReasonCode.IN_BEST_SET, by=3),
    ]
    assert decision.spending == (Spending("", 100, 100),)


def test_of_equal_choices_stands_the_one_with_the_earliest_projects():
    paper = [Contender(1, 10), Contender(2, 10), Contender(3, 10)]
    decision = decide({1: 5, 2: 5, 3: 5}, paper, rule_of(20))
    assert decision.funded == (1, 2)
    assert decision.ties[0].projects == (1, 2, 3)


def test_too_dear_and_unloved_projects_say_why():
    decision = decide({1: 5, 2: 0}, [Contender(1, 30), Contender(2, 1)], rule_of(20))
    assert [one.reason for one in decision.outcomes] == [
        Reason(ReasonCode.ABOVE_BUDGET, left=20, by=10),
        Reason(ReasonCode.NO_VOTES),
    ]


def test_a_vote_with_too_many_totals_is_refused(monkeypatch):
    monkeypatch.setattr(optimum, "MOST_TOTALS", 3)
    paper = [Contender(number, 2**number) for number in range(1, 12)]
    with pytest.raises(optimum.TooManyTotals, match="totals"):
        decide({one.number: one.cost + 1 for one in paper}, paper, rule_of(1500))


@st.composite
def cases(draw):
    numbers = list(range(1, draw(st.integers(1, 7)) + 1))
    paper = [Contender(number, draw(st.integers(0, 8))) for number in numbers]
    votes = {number: draw(st.integers(0, 6)) for number in numbers}
    pairs = st.sets(st.sampled_from(numbers), min_size=2, max_size=3) if len(numbers) > 2 else st.nothing()
    groups = draw(st.lists(pairs, max_size=2)) if len(numbers) > 2 else []
    most = draw(st.none() | st.integers(1, 3))
    exclusive = tuple(tuple(sorted(group)) for group in groups)
    return votes, paper, rule_of(draw(st.integers(0, 20)), exclusive=exclusive, max_winners=most)


def tried(votes, paper, rule):
    """Return the best total of all choices, and every choice that has it."""
    able = [one for one in paper if votes[one.number]]
    choices = [
        frozenset(one.number for one in chosen)
        for size in range(len(able) + 1)
        for chosen in combinations(able, size)
        if sum(one.cost for one in chosen) <= rule.budget
        and (rule.max_winners is None or size <= rule.max_winners)
    ]
    allowed = [c for c in choices if all(len(c & set(group)) <= 1 for group in rule.exclusive)]
    best = max(sum(votes[number] for number in choice) for choice in allowed)
    return best, [choice for choice in allowed if sum(votes[n] for n in choice) == best], allowed


@given(cases())
@settings(max_examples=120)
def test_no_choice_is_better_and_every_reason_is_true(case):
    votes, paper, rule = case
    best, optima, allowed = tried(*case)
    decision = decide(votes, paper, rule)
    order = sorted(paper, key=lambda one: (-votes[one.number], one.cost, paper.index(one)))
    first = max(optima, key=lambda choice: [one.number in choice for one in order])
    assert frozenset(decision.funded) == first
    for outcome in decision.outcomes:
        if outcome.reason.code is ReasonCode.NOT_IN_BEST_SET:
            others = [choice for choice in allowed if outcome.project in choice]
        elif outcome.reason.code is ReasonCode.IN_BEST_SET:
            others = [choice for choice in allowed if outcome.project not in choice]
        else:
            continue
        assert outcome.reason.by == best - max(sum(votes[n] for n in choice) for choice in others)
