"""Several contests: money that one leaves, and winners that shut others out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ...rules.counting.transfers import ContestCount, Transfer, decide_all, in_flow
from ...rules.outcomes import ReasonCode, Rule
from ...rules.ties import Contender
from ..counting_cases import approvals


def contest(key, budget, to=None, votes=None, costs=None, **rule):
    votes = votes or {}
    paper = [Contender(number, (costs or {})[number]) for number in votes]
    return ContestCount(key, approvals(votes), paper, Rule(budget, **rule), transfer_to=to)


def test_what_districts_leave_goes_to_the_whole_city():
    north = contest("north", 100, "", {1: 5}, {1: 70})
    south = contest("south", 100, "", {2: 5}, {2: 90})
    city = contest("", 50, None, {3: 9, 4: 3}, {3: 60, 4: 30})
    found = decide_all([north, south, city])
    assert [one.given for one in found] == [Transfer("", 30), Transfer("", 10), None]
    assert found[2].received == (Transfer("north", 30), Transfer("south", 10))
    assert found[2].rule.budget == 90
    assert found[2].decision.funded == (3, 4)


def test_nothing_is_transferred_where_nothing_is_left():
    found = decide_all([contest("north", 70, "", {1: 5}, {1: 70}), contest("", 10)])
    assert found[0].given is None
    assert found[1].received == ()


def test_a_project_of_a_district_shuts_out_its_twin_for_the_whole_city():
    north = contest("north", 100, None, {1: 5}, {1: 70})
    city = contest("", 100, None, {2: 9}, {2: 60}, exclusive=((1, 2),))
    found = decide_all([north, city])
    assert found[1].won_before == (1,)
    assert found[1].decision.outcomes[0].reason.code is ReasonCode.RIVAL_WON


def test_money_flows_forward_only():
    with pytest.raises(ValueError, match="does not come after"):
        decide_all([contest("", 10), contest("north", 10, "")])


def test_the_order_of_counting_follows_the_money():
    assert in_flow({"": None, "north": "", "south": "north"}) == ("south", "north", "")
    with pytest.raises(ValueError, match="circle"):
        in_flow({"north": "south", "south": "north"})
    with pytest.raises(ValueError, match="no such contest"):
        in_flow({"north": "west"})


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 60), st.integers(0, 3)), min_size=1, max_size=5))
@settings(max_examples=60)
def test_no_money_is_lost_or_made(parts):
    contests = [
        contest(str(place), budget, str(len(parts)), {place: votes}, {place: cost})
        for place, (budget, cost, votes) in enumerate(parts)
    ]
    found = decide_all([*contests, contest(str(len(parts)), 7)])
    spent = sum(one.spent for settled in found for one in settled.decision.spending)
    assert spent + found[-1].decision.left == sum(budget for budget, _cost, _votes in parts) + 7
