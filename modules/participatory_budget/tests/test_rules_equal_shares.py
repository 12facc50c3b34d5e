from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.participatory_budget.rules.equal_shares import Completion, prefers
from modules.participatory_budget.rules.ties import Contender, TieBreak

from .counting_cases import equal_shares


def contenders(*costs):
    return [Contender(number, cost) for number, cost in enumerate(costs, start=1)]


def bought(ballots, costs, money, **how):
    found = equal_shares(ballots, contenders(*costs), money, **{"completion": Completion.NONE, **how})
    return [purchase.project for purchase in found.purchases]


def test_every_group_decides_about_its_part_of_the_money():
    # 60 voters want 1, 2 and 3; 40 want 4 and 5. The most votes would take all the money.
    ballots = [[1, 2, 3]] * 60 + [[4, 5]] * 40
    assert bought(ballots, [300, 300, 300, 200, 200], 1000) == [1, 2, 4, 5]


def test_who_has_less_gives_all_and_the_others_pay_the_same():
    ballots = [[1], [1, 2], [2], [2]]
    found = equal_shares(ballots, contenders(12, 23), 40, completion=Completion.NONE)
    # After 23/3 for the second project its first supporter has 7/3 left of her 10, and gives that.
    assert [(p.project, p.payment) for p in found.purchases] == [(2, Fraction(23, 3)), (1, Fraction(29, 3))]


def test_what_supporters_have_left_together_is_kept_for_the_explanation():
    found = equal_shares([[1], [1, 2], [2]], contenders(16, 14), 30, completion=Completion.NONE)
    assert [(p.project, p.payment) for p in found.purchases] == [(2, Fraction(7))]
    assert found.means == {1: Fraction(13)}


def test_a_payment_is_no_rounded_number():
    found = equal_shares([[1], [1], [1]], contenders(100), 100, completion=Completion.NONE)
    assert found.purchases[0].payment == Fraction(100, 3)
    assert found.means == {}


def test_ballots_that_name_no_project_of_the_count_have_no_share():
    assert bought([[1], [], [9]], [100], 100) == [1]
    assert bought([[], [9]], [100], 100) == []


def test_equals_are_bought_by_the_tie_order_and_named():
    ballots = [[1], [1], [2], [2]]
    found = equal_shares(ballots, contenders(20, 18), 40, completion=Completion.NONE)
    assert [(p.project, p.tied) for p in found.purchases] == [(2, (1,)), (1, ())]
    found = equal_shares(
        ballots, contenders(20, 18), 40, completion=Completion.NONE, tie_break=TieBreak.DECLARED_ORDER
    )
    assert [p.project for p in found.purchases] == [1, 2]


def test_shares_are_raised_until_the_winners_would_cost_too_much():
    ballots = [[1], [1], [1, 2], [2], [3]]
    found = equal_shares(ballots, contenders(60, 40, 90), 100, completion=Completion.ADD1, step=Fraction(1))
    assert sorted(found.funded) == [1, 2]
    assert found.share == 20 + found.steps
    assert bought(ballots, [60, 40, 90], 100) == [1]


def test_a_share_is_raised_by_a_hundredth_unless_a_city_says_otherwise():
    found = equal_shares([[1], [2]], contenders(12, 10), 22, completion=Completion.ADD1)
    assert (found.steps, found.share) == (10, Fraction(121, 10))


def test_raising_ends_when_everything_that_somebody_wants_is_bought():
    found = equal_shares([[1], [2]], contenders(10, 10, 5), 1000, completion=Completion.ADD1)
    assert (sorted(found.funded), found.steps) == ([1, 2], 0)


def test_the_rest_goes_by_votes_and_skips_what_does_not_fit():
    ballots = [[1]] * 5 + [[2]] * 3 + [[3]] * 2
    found = equal_shares(ballots, contenders(60, 50, 30), 100, completion=Completion.GREEDY)
    assert ([p.project for p in found.purchases], found.added) == ([], (1, 3))
    assert found.means == {2: Fraction(30)}


def test_voters_are_asked_which_result_they_prefer():
    ballots = [[1, 2], [1], [3], []]
    assert prefers([(ballot, 1) for ballot in ballots], frozenset({1, 2}), frozenset({3})) == (2, 1)


@pytest.mark.parametrize(("money", "step", "cost"), [(-1, 1, 1), (1, 0, 1), (1, 1, -1)])
def test_amounts_that_make_no_sense_are_refused(money, step, cost):
    with pytest.raises(ValueError, match="below zero"):
        equal_shares([[1]], contenders(cost), money, step=Fraction(step))


def test_what_costs_nothing_is_bought_first_and_without_money_nothing_else():
    assert bought([[1, 2], [2]], [0, 10], 20) == [1, 2]
    assert bought([[1, 2], [2]], [0, 10], 0, completion=Completion.ADD1U) == [1]


costs = st.lists(st.integers(1, 60), min_size=1, max_size=6)


@st.composite
def elections(draw):
    prices = draw(costs)
    ballot = st.lists(st.integers(1, len(prices)), unique=True, max_size=len(prices))
    return draw(st.lists(ballot, min_size=1, max_size=12)), prices, draw(st.integers(1, 150))


def by_the_definition(ballots, prices, share):
    """The method word for word, with a fraction for every voter."""
    left = {voter: share for voter, ballot in enumerate(ballots) if ballot}
    order = []
    while True:
        offers = []
        for number, cost in enumerate(prices, start=1):
            payers = sorted(left[v] for v, ballot in enumerate(ballots) if number in ballot)
            if number in order or sum(payers) < cost or not payers:
                continue
            rest, payment = Fraction(cost), None
            for place, amount in enumerate(payers):
                if amount * (len(payers) - place) >= rest:
                    payment = rest / (len(payers) - place)
                    break
                rest -= amount
            offers.append((payment / cost, cost, number, payment))
        if not offers:
            return order
        _asks, _cost, number, payment = min(offers)
        order.append(number)
        for voter, ballot in enumerate(ballots):
            if number in ballot:
                left[voter] -= min(left[voter], payment)


@given(elections())
def test_it_buys_what_the_definition_buys(election):
    ballots, prices, money = election
    voters = sum(1 for ballot in ballots if ballot)
    expected = by_the_definition(ballots, prices, Fraction(money, voters)) if voters else []
    assert bought(ballots, prices, money) == expected


@given(elections(), st.sampled_from(Completion))
def test_never_more_is_spent_than_there_is(election, completion):
    ballots, prices, money = election
    found = equal_shares(ballots, contenders(*prices), money, completion=completion, step=Fraction(1))
    assert sum(prices[number - 1] for number in found.funded) <= money
    assert found.funded.isdisjoint(found.means)


@given(elections(), st.randoms())
def test_the_order_of_ballots_makes_no_difference(election, random):
    ballots, prices, money = election
    shuffled = random.sample(ballots, len(ballots))
    first, second = (
        equal_shares(b, contenders(*prices), money, step=Fraction(1)) for b in (ballots, shuffled)
    )
    assert (first.purchases, first.added, first.means) == (second.purchases, second.added, second.means)


@given(st.integers(2, 8), st.integers(1, 7), st.integers(1, 30))
def test_a_group_that_agrees_gets_what_its_share_pays_for(voters, group, cost):
    """Proportionality: so many voters, all for the same project and nothing else, can buy what their shares pay."""
    group = min(group, voters)
    money = 30
    ballots = [[1]] * group + [[2]] * (voters - group)
    funded = bought(ballots, [cost, 1000], money)
    assert (1 in funded) == (Fraction(money, voters) * group >= cost)
