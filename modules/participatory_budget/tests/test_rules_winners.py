"""Who gets the money: examples."""

import pytest

from ..rules.outcomes import Method, Reason, ReasonCode, Rule, Spending
from ..rules.ties import Contender, Tie, TieBreak
from .counting_cases import decide

A, B, C, D = (Contender(1, 60), Contender(2, 50), Contender(3, 30), Contender(4, 10))
VOTES = {1: 40, 2: 30, 3: 20, 4: 10}


def reasons(decision):
    return {outcome.project: outcome.reason for outcome in decision.outcomes}


def test_a_project_that_does_not_fit_is_skipped_and_the_next_may_still_fit():
    decision = decide(VOTES, [A, B, C, D], Rule(budget=100))
    assert decision.funded == (1, 3, 4)
    assert reasons(decision) == {
        1: Reason(ReasonCode.FUNDED, left=40),
        2: Reason(ReasonCode.OVER_LEFT, left=40, by=10),
        3: Reason(ReasonCode.FUNDED, left=10),
        4: Reason(ReasonCode.FUNDED, left=0),
    }
    assert decision.spending == (Spending("", 100, 100),)
    assert decision.spending[0].left == 0


def test_a_count_with_stop_ends_at_the_first_project_that_does_not_fit():
    decision = decide(VOTES, [A, B, C, D], Rule(budget=100, method=Method.GREEDY_STOP))
    assert decision.funded == (1,)
    assert reasons(decision)[2] == Reason(ReasonCode.OVER_LEFT, left=40, by=10)
    assert reasons(decision)[3] == Reason(ReasonCode.AFTER_STOP, left=40)


def test_outcomes_stand_in_the_declared_order_and_carry_votes_and_rank():
    decision = decide(VOTES, [D, B, A, C], Rule(budget=100))
    assert [(one.project, one.votes, one.rank) for one in decision.outcomes] == [
        (4, 10, 4),
        (2, 30, 2),
        (1, 40, 1),
        (3, 20, 3),
    ]


def test_every_category_spends_its_own_envelope():
    paper = [Contender(1, 60, "green"), Contender(2, 50, "roads"), Contender(3, 30, "green")]
    decision = decide(VOTES, paper, Rule(budget=120, envelopes={"green": 70, "roads": 50}))
    assert decision.funded == (1, 2)
    assert decision.spending == (Spending("green", 70, 60), Spending("roads", 50, 50))
    assert [outcome.rank for outcome in decision.outcomes] == [1, 1, 2]


def test_a_project_that_nobody_chose_gets_nothing_although_it_fits():
    decision = decide({1: 0}, [A], Rule(budget=100, min_votes=0))
    assert reasons(decision)[1] == Reason(ReasonCode.NO_VOTES)


@pytest.mark.parametrize(("votes", "funded"), [(49, False), (50, True), (51, True)])
def test_the_threshold_itself_is_enough(votes, funded):
    (outcome,) = decide({1: votes}, [A], Rule(budget=100, min_votes=50)).outcomes
    assert outcome.funded is funded
    assert funded or outcome.reason == Reason(ReasonCode.BELOW_THRESHOLD, by=1)


def test_a_project_above_the_whole_budget_says_so():
    decision = decide(VOTES, [A, D], Rule(budget=50))
    assert reasons(decision)[1] == Reason(ReasonCode.ABOVE_BUDGET, left=50, by=10)
    assert decision.funded == (4,)


def test_a_project_that_costs_the_whole_budget_is_not_above_it():
    whole = Contender(2, 100)
    assert decide(VOTES, [whole], Rule(budget=100)).funded == (2,)
    assert reasons(decide(VOTES, [A, whole], Rule(budget=100)))[2] == Reason(
        ReasonCode.OVER_LEFT, left=40, by=60
    )


@pytest.mark.parametrize("method", [Method.GREEDY_SKIP, Method.GREEDY_STOP])
def test_an_excluded_project_gets_nothing_and_blocks_nobody(method):
    decision = decide(VOTES, [A, B, C], Rule(budget=50, method=method), excluded={1: "No permit"})
    assert decision.funded == (2,)
    first = decision.outcomes[0]
    assert (first.votes, first.rank, first.reason) == (
        40,
        None,
        Reason(ReasonCode.EXCLUDED, text="No permit"),
    )


def test_an_exclusion_of_a_project_that_does_not_stand_is_refused():
    with pytest.raises(KeyError):
        decide(VOTES, [A], Rule(budget=50), excluded={7: "Who?"})


def test_a_project_without_an_envelope_is_refused():
    with pytest.raises(KeyError):
        decide(VOTES, [A], Rule(budget=50, envelopes={"green": 50}))


def test_of_equals_the_cheaper_comes_first_and_the_tie_is_recorded():
    decision = decide({1: 5, 2: 5, 4: 1}, [A, B, D], Rule(budget=70))
    assert decision.funded == (2, 4)
    assert decision.ties == (Tie("", 5, (2, 1), TieBreak.CHEAPER_FIRST),)
    assert [outcome.tied_with for outcome in decision.outcomes] == [(2,), (1,), ()]


def test_of_equals_with_equal_cost_the_one_declared_first_is_taken():
    one, other = Contender(8, 50), Contender(2, 50)
    decision = decide({8: 5, 2: 5}, [one, other], Rule(budget=60))
    assert decision.funded == (8,)
    assert decision.ties == (Tie("", 5, (8, 2), TieBreak.DECLARED_ORDER),)


def test_a_city_may_let_the_declared_order_decide_alone():
    rule = Rule(budget=70, tie_break=TieBreak.DECLARED_ORDER)
    decision = decide({1: 5, 2: 5}, [A, B], rule)
    assert decision.funded == (1,)
    assert decision.ties == (Tie("", 5, (1, 2), TieBreak.DECLARED_ORDER),)


@pytest.mark.parametrize("budget", [110, 200, 49])
def test_a_tie_that_changes_nothing_is_not_recorded(budget):
    decision = decide({1: 5, 2: 5}, [A, B], Rule(budget=budget))
    assert decision.ties == ()
    assert [outcome.tied_with for outcome in decision.outcomes] == [(), ()]


def test_a_tie_decides_when_the_loser_would_have_fitted_to_the_last_cent():
    decision = decide({1: 5, 2: 5}, [A, B], Rule(budget=60))
    assert decision.funded == (2,)
    assert [tie.projects for tie in decision.ties] == [(2, 1)]


def test_with_stop_a_tie_also_decides_when_the_loser_would_have_blocked_the_winner():
    paper = [Contender(1, 60), Contender(2, 200)]
    votes = {1: 5, 2: 5}
    assert decide(votes, paper, Rule(budget=100)).ties == ()
    assert decide(votes, paper, Rule(budget=100, method=Method.GREEDY_STOP)).ties != ()


def test_no_project_and_no_money_make_an_empty_result():
    assert decide({}, [], Rule(budget=0)).outcomes == ()
    assert decide({1: 3}, [A], Rule(budget=0)).funded == ()
