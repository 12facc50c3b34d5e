"""Money along an order: value for money, thresholds, tolerance, projects that exclude each other, top-ups, lots."""

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ...rules.outcomes import Method, Reason, ReasonCode, Rule, Spending
from ...rules.ties import Contender, Tie, TieBreak, commitment, lot
from ..counting_cases import approvals, decide

A, B, C, D = (Contender(1, 60), Contender(2, 50), Contender(3, 30), Contender(4, 10))
VOTES = {1: 40, 2: 30, 3: 20, 4: 10}


def reasons(decision):
    return {outcome.project: outcome.reason for outcome in decision.outcomes}


def test_value_takes_the_most_votes_for_the_money_first():
    # Votes for each unit: 40/60, 30/50, 20/30 and 10/10.
    decision = decide(VOTES, [A, B, C, D], Rule(100, method=Method.VALUE))
    assert [(one.project, one.rank) for one in decision.outcomes] == [(1, 3), (2, 4), (3, 2), (4, 1)]
    assert decision.funded == (1, 3, 4)


def test_projects_of_equal_value_are_a_tie_whatever_their_votes():
    decision = decide({1: 40, 3: 20}, [A, C], Rule(60, method=Method.VALUE))
    assert decision.funded == (3,)
    assert decision.ties == (Tie("", None, (3, 1), TieBreak.CHEAPER_FIRST),)


def test_a_third_is_no_rounded_number_in_value():
    votes, paper = {1: 10**15, 2: 10**15 + 1}, [Contender(1, 3 * 10**15), Contender(2, 3 * 10**15 + 3)]
    decision = decide(votes, paper, Rule(4 * 10**15, method=Method.VALUE))
    assert decision.ties[0].projects == (1, 2)


def test_what_costs_nothing_comes_first_in_value():
    decision = decide({1: 40, 2: 1}, [A, Contender(2, 0)], Rule(60, method=Method.VALUE))
    assert [one.rank for one in decision.outcomes] == [2, 1]


@pytest.mark.parametrize(("left", "funded"), [(39, False), (40, True)])
def test_the_project_at_which_the_count_stops_is_paid_where_enough_of_it_is_left(left, funded):
    rule = Rule(60 + left, method=Method.GREEDY_STOP, stop_tolerance=80)
    decision = decide(VOTES, [A, B, C], rule)
    assert decision.funded == ((1, 2) if funded else (1,))
    if funded:
        assert reasons(decision)[2] == Reason(ReasonCode.WITHIN_TOLERANCE, left=40, by=10)
        assert decision.spending == (Spending("", 100, 110, added=10),)
        assert decision.left == 0
    assert reasons(decision)[3].code is ReasonCode.AFTER_STOP


@pytest.mark.parametrize(("share", "missing"), [(300, None), (301, 1), (334, 4)])
def test_a_share_of_the_ballots_is_rounded_up(share, missing):
    # 30 of 100 voters; 30.1 percent of them are 31 people.
    ballots = [[2]] * 30 + [[1]] * 70
    decision = decide({1: 70, 2: 30}, [A, B], Rule(1000, min_share=share), ballots=lambda: ballots)
    found = reasons(decision)[2]
    assert found.by == missing
    assert (found.code is ReasonCode.FUNDED) == (missing is None)


def test_only_one_of_projects_that_exclude_each_other_wins_and_the_next_gets_its_money():
    decision = decide(VOTES, [A, B, C, D], Rule(100, exclusive=((1, 3),)))
    assert decision.funded == (1, 4)
    assert reasons(decision)[3] == Reason(ReasonCode.RIVAL_WON, other=1)


def test_a_winner_of_a_contest_counted_before_shuts_its_rivals_out():
    decision = decide(VOTES, [A, B, C, D], Rule(100, exclusive=((1, 9),)), won=[9])
    assert reasons(decision)[1] == Reason(ReasonCode.RIVAL_WON, other=9)
    assert decision.funded == (2, 3, 4)


def test_an_excluded_project_shuts_nobody_out():
    decision = decide(VOTES, [A, C], Rule(100, exclusive=((1, 3),)), excluded={1: "No permit"})
    assert decision.funded == (3,)


def test_rivals_with_equal_votes_are_a_tie():
    decision = decide({1: 5, 2: 5}, [A, B], Rule(500, exclusive=((1, 2),)))
    assert decision.ties == (Tie("", 5, (2, 1), TieBreak.CHEAPER_FIRST),)


def test_no_more_win_than_can():
    decision = decide(VOTES, [A, B, C, D], Rule(1000, max_winners=2))
    assert decision.funded == (1, 2)
    assert reasons(decision)[3] == Reason(ReasonCode.ENOUGH_WINNERS, by=2)


def test_the_last_place_among_equals_is_a_tie():
    decision = decide({1: 5, 2: 5}, [A, B], Rule(1000, max_winners=1))
    assert decision.ties[0].projects == (2, 1)


def test_a_project_that_cannot_win_does_not_stop_the_count():
    rule = Rule(70, method=Method.GREEDY_STOP, exclusive=((1, 2),))
    decision = decide(VOTES, [A, B, C, D], rule)
    assert reasons(decision)[2].code is ReasonCode.RIVAL_WON
    assert reasons(decision)[3].code is ReasonCode.OVER_LEFT


def test_what_envelopes_leave_goes_to_what_fits():
    paper = [
        Contender(1, 60, "green"),
        Contender(2, 50, "green"),
        Contender(3, 30, "roads"),
        Contender(4, 30, "roads"),
    ]
    rule = Rule(130, {"green": 70, "roads": 40}, top_up=True)
    decision = decide({1: 9, 2: 8, 3: 7, 4: 6}, paper, rule)
    # 10 and 10 are left, and 20 belong to no category: 40 in all, too little for the second.
    assert decision.funded == (1, 3, 4)
    assert reasons(decision)[4] == Reason(ReasonCode.FROM_LEFTOVERS, left=10)
    assert reasons(decision)[2].code is ReasonCode.OVER_LEFT
    assert decision.spending == (
        Spending("green", 70, 60, passed_on=10),
        Spending("roads", 40, 30, passed_on=10),
        Spending("", 40, 30),
    )
    assert decision.left == 10


def test_lots_are_drawn_by_a_seed_that_everybody_can_check():
    seed = "b3 late autumn"
    assert commitment(seed) == hashlib.sha256(seed.encode()).hexdigest()
    assert lot(seed, 17) == hashlib.sha256(b"b3 late autumn:17").hexdigest()
    votes, paper = dict.fromkeys(range(1, 6), 3), [Contender(number, 10) for number in range(1, 6)]
    decision = decide(votes, paper, Rule(20, tie_break=TieBreak.LOT), seed=seed)
    drawn = sorted(votes, key=lambda number: lot(seed, number))
    assert set(decision.funded) == set(drawn[:2])
    assert decision.ties == (Tie("", 3, tuple(drawn), TieBreak.LOT),)


def test_a_lot_without_a_seed_is_not_drawn():
    with pytest.raises(ValueError, match="seed"):
        decide(VOTES, [A], Rule(20, tie_break=TieBreak.LOT), seed=None)


def test_dearer_projects_can_come_first_among_equals():
    assert decide({1: 5, 2: 5}, [B, A], Rule(60, tie_break=TieBreak.DEARER_FIRST)).funded == (1,)


METHODS = st.sampled_from((Method.GREEDY_SKIP, Method.GREEDY_STOP, Method.VALUE))


@st.composite
def cases(draw):
    """Return ballots, projects and a rule that belong together."""
    numbers = draw(st.lists(st.integers(1, 30), min_size=1, max_size=7, unique=True))
    paper = [Contender(number, draw(st.integers(0, 9))) for number in numbers]
    ballots = draw(
        st.lists(st.lists(st.sampled_from(numbers), unique=True, min_size=1, max_size=3), max_size=9)
    )
    pairs = st.tuples(st.sampled_from(numbers), st.sampled_from(numbers)).filter(
        lambda pair: pair[0] != pair[1]
    )
    rule = Rule(
        draw(st.integers(0, 25)),
        method=draw(METHODS),
        tie_break=draw(st.sampled_from(TieBreak)),
        min_votes=draw(st.integers(0, 2)),
        max_winners=draw(st.none() | st.integers(1, 3)),
        exclusive=tuple(draw(st.lists(pairs, max_size=2))) if len(numbers) > 1 else (),
    )
    return ballots, paper, rule


def counted(case):
    ballots, paper, rule = case
    votes = {one.number: sum(one.number in ballot for ballot in ballots) for one in paper}
    return decide(votes, paper, rule, ballots=lambda: ballots)


@given(case=cases())
@settings(max_examples=80)
def test_winners_fit_the_money_the_places_and_beside_each_other(case):
    _ballots, paper, rule = case
    won = set(counted(case).funded)
    assert sum(one.cost for one in paper if one.number in won) <= rule.budget
    assert len(won) <= (rule.max_winners or len(paper))
    assert all(len(won & set(group)) <= 1 for group in rule.exclusive)


@given(case=cases(), times=st.integers(2, 3))
@settings(max_examples=60)
def test_every_ballot_several_times_changes_nothing(case, times):
    ballots, paper, rule = case
    rule = replace(rule, min_votes=1)
    assert counted((ballots * times, paper, rule)).funded == counted((ballots, paper, rule)).funded


@given(case=cases(), factor=st.sampled_from((2, 100, 365)))
@settings(max_examples=60)
def test_other_units_of_money_change_nothing(case, factor):
    ballots, paper, rule = case
    dearer = [replace(one, cost=one.cost * factor) for one in paper]
    other = counted((ballots, dearer, replace(rule, budget=rule.budget * factor)))
    assert other.funded == counted(case).funded
    assert [tie.projects for tie in other.ties] == [tie.projects for tie in counted(case).ties]


def test_grades_are_not_counted_by_votes():
    with pytest.raises(ValueError, match="does not count"):
        decide(VOTES, [A], Rule(5, method=Method.MAJORITY_JUDGEMENT))
    assert approvals(VOTES).scores == VOTES
