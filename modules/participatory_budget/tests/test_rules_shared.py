"""An envelope handed out by equal shares, and what is said of each project."""

import json
from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ..rules.equal_shares import Completion
from ..rules.outcomes import Method, ReasonCode, Rule
from ..rules.protocol import read_protocol, write_protocol
from ..rules.tally import count
from ..rules.ties import Contender, TieBreak
from ..rules.verify import About, verify
from .counting_cases import decide
from .test_rules_verify import publish

RULE = Rule(100, method=Method.EQUAL_SHARES, completion=Completion.NONE)
PAPER = (Contender(1, 40), Contender(2, 60), Contender(3, 30), Contender(4, 10), Contender(5, 20))
BALLOTS = [[1, 2]] * 5 + [[2]] + [[3]] * 3 + [[4]]


def decided(rule=RULE, ballots=BALLOTS, paper=PAPER, **how):
    votes = count(ballots, [one.number for one in paper]).votes
    return decide(votes, paper, rule, ballots=lambda: ballots, **how)


def said(decision):
    return {
        one.project: (one.rank, one.reason.code, one.reason.left, one.reason.by) for one in decision.outcomes
    }


def test_every_project_has_its_place_and_its_reason():
    # Ten voters have 10 each. The second project asks 10 of its six supporters; the five then have nothing left.
    assert said(decided()) == {
        2: (1, ReasonCode.BOUGHT, None, 10),
        3: (2, ReasonCode.BOUGHT, None, 10),
        4: (3, ReasonCode.BOUGHT, None, 10),
        1: (4, ReasonCode.SHARES_SHORT, 0, 40),
        5: (5, ReasonCode.NO_VOTES, None, None),
    }
    assert decided().spending[0].left == 0


def test_what_one_voter_paid_is_rounded_up_and_what_supporters_had_down():
    ballots = [[1]] * 3 + [[2]] * 3
    rule = replace(RULE, budget=101)
    decision = decided(rule, ballots, (Contender(1, 50), Contender(2, 51)))
    assert said(decision) == {
        1: (1, ReasonCode.BOUGHT, None, 17),
        2: (2, ReasonCode.SHARES_SHORT, 50, 1),
    }


def test_money_nobody_can_spend_together_goes_by_votes_when_the_rule_says_so():
    ballots = [[1]] * 3 + [[2]] * 2
    paper = (Contender(1, 80), Contender(2, 90))
    decision = decided(replace(RULE, completion=Completion.GREEDY), ballots, paper)
    assert said(decision)[1] == (1, ReasonCode.FROM_THE_REST, 20, None)
    assert said(decision)[2] == (2, ReasonCode.SHARES_SHORT, 40, 50)


def test_a_project_below_the_threshold_or_excluded_is_not_for_sale():
    decision = decided(replace(RULE, min_votes=2), excluded={3: "No permit"})
    codes = {one.project: one.reason.code for one in decision.outcomes}
    assert codes[4] is ReasonCode.BELOW_THRESHOLD
    assert codes[3] is ReasonCode.EXCLUDED
    # Who named nothing that is for sale has no share: the other six have 16 2/3 each.
    assert said(decision)[1] == (2, ReasonCode.SHARES_SHORT, 33, 7)


def test_every_envelope_is_shared_out_among_those_who_vote_in_it():
    paper = (Contender(1, 50, "green"), Contender(2, 10, "roads"))
    rule = replace(RULE, budget=60, envelopes={"green": 50, "roads": 10})
    decision = decided(rule, [[1], [1], [2]], paper)
    assert decision.funded == (1, 2)
    assert [(one.name, one.spent) for one in decision.spending] == [("green", 50), ("roads", 10)]


def test_a_tie_is_named_when_who_lost_it_got_nothing():
    ballots = [[1, 2], [1, 2]]
    paper = (Contender(1, 70), Contender(2, 60))
    decision = decided(ballots=ballots, paper=paper)
    assert [(tie.projects, tie.by) for tie in decision.ties] == [((2, 1), TieBreak.CHEAPER_FIRST)]
    assert {one.project: one.tied_with for one in decision.outcomes} == {1: (2,), 2: (1,)}
    assert decided(replace(RULE, budget=130), ballots, paper).ties == ()


def test_votes_alone_do_not_decide():
    with pytest.raises(TypeError, match="ballots"):
        decide({1: 1}, [Contender(1, 1)], RULE)


@pytest.mark.parametrize("completion", Completion)
def test_the_two_published_files_prove_the_result(completion):
    rule = Rule(1300, {"green": 600, "roads": 700}, Method.EQUAL_SHARES, completion=completion)
    content, protocol = publish(rule=rule)
    assert read_protocol(json.loads(write_protocol(protocol))) == protocol
    assert verify(BytesIO(content), json.loads(write_protocol(protocol))).agrees


def test_another_rule_would_not_agree():
    rule = Rule(700, method=Method.EQUAL_SHARES, completion=Completion.NONE)
    content, protocol = publish([(1,), (1,), (1,), (4,), (4,)], rule=rule)
    other = replace(protocol, rule=replace(rule, method=Method.GREEDY_SKIP))
    report = verify(BytesIO(content), json.loads(write_protocol(other)))
    assert About.REASON in [difference.about for difference in report.differences]


@given(
    st.lists(st.lists(st.integers(1, 5), unique=True, max_size=5), max_size=12),
    st.integers(0, 150),
    st.sampled_from(Completion),
    st.integers(0, 3),
)
def test_each_project_has_one_outcome_and_no_envelope_spends_more_than_it_has(
    ballots, money, completion, least
):
    rule = Rule(money, method=Method.EQUAL_SHARES, completion=completion, min_votes=least)
    decision = decided(rule, ballots)
    assert [one.project for one in decision.outcomes] == [one.number for one in PAPER]
    assert sorted(one.rank for one in decision.outcomes) == [1, 2, 3, 4, 5]
    assert (
        sum(one.cost for one in PAPER if one.number in decision.funded) == decision.spending[0].spent <= money
    )
    funded = {
        one.project
        for one in decision.outcomes
        if one.reason.code in (ReasonCode.BOUGHT, ReasonCode.FROM_THE_REST)
    }
    assert funded == set(decision.funded)
