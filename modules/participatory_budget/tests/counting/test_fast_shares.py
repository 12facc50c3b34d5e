from fractions import Fraction
from itertools import product
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modules.participatory_budget.fast.columns import columns_of, grouped, marks_of_each
from modules.participatory_budget.fast.electorate import Electorate
from modules.participatory_budget.fast.purses import Purses, TooDear
from modules.participatory_budget.fast.shares import LargeCount
from modules.participatory_budget.fast.solvent import counted_beside
from modules.participatory_budget.rules.ballots import BallotType, encode_choices
from modules.participatory_budget.rules.counting.places import Places
from modules.participatory_budget.rules.equal_shares import Completion, completed, equal_shares
from modules.participatory_budget.rules.ties import Contender

numbers = st.integers(1, 7)
ballots = st.lists(st.frozensets(numbers, max_size=5), min_size=1, max_size=40)
# Few different costs, so that many projects ask for exactly as much.
costs = st.lists(st.sampled_from([0, 10, 20, 20, 30, 35, 60, 1000]), min_size=7, max_size=7)
cheap = st.lists(st.sampled_from([0, 10, 20, 20, 30, 35, 60]), min_size=7, max_size=7)


def pages(kind, stored, most):
    """Return stored ballots as columns, so many at once."""
    for begin in range(0, len(stored), most):
        part = stored[begin : begin + most]
        yield columns_of(kind, b"".join(part), b"".join(len(one).to_bytes(4, "big") for one in part))


def columns(votes):
    stored = sorted(encode_choices(vote) for vote in votes)
    return grouped(pages(BallotType.APPROVAL, stored, 7))


def priced(prices):
    return [Contender(number, cost) for number, cost in enumerate(prices, start=1)]


def both(votes, contenders, money, **asked):
    order = {one.number: (one.cost, one.number) for one in contenders}
    places = asked.pop("places", Places())
    slow = equal_shares(
        [tuple(sorted(v)) for v in votes], contenders, money, order, places=places.again(), **asked
    )
    electorate = Electorate.of(*columns(votes), [one.number for one in contenders])
    fast = completed(LargeCount(electorate, contenders, order, places.again()), money, **asked)
    return slow, fast


def agree(votes, prices, money, **asked):
    slow, fast = both(votes, priced(prices), money, **asked)
    assert fast == slow
    assert dict(fast.means) == dict(slow.means)


@settings(max_examples=150, deadline=None)
@given(ballots, costs, st.integers(0, 300), st.sampled_from(Completion))
def test_large_counts_buy_what_the_reference_buys_to_the_last_fraction(votes, prices, money, completion):
    agree(votes, prices, money, completion=completion, step=Fraction(money, 7) or None, exhaustive_stop=False)


@settings(max_examples=50, deadline=None)
@given(ballots, costs, st.integers(1, 300), st.booleans(), st.integers(1, 4))
def test_large_counts_shut_out_rivals_as_the_reference_does(votes, prices, money, stop, most):
    slow, fast = both(
        votes,
        priced(prices),
        money,
        completion=Completion.ADD1U,
        step=None,
        exhaustive_stop=stop,
        places=Places([(1, 2), (3, 4, 5)], most),
    )
    assert fast == slow


@settings(max_examples=25, deadline=None)
@given(ballots, cheap, st.integers(20, 300), st.sampled_from((10, 20)), st.booleans())
def test_small_steps_lead_where_the_reference_comes_although_fewer_and_fewer_are_followed(
    votes, prices, money, steps, stop
):
    agree(
        votes,
        prices,
        money,
        completion=Completion.ADD1,
        step=Fraction(money, steps),
        exhaustive_stop=stop,
    )


def counting(votes, prices):
    contenders = priced(prices)
    electorate = Electorate.of(*columns(votes), [one.number for one in contenders])
    order = {one.number: (one.cost, one.number) for one in contenders}
    return electorate, LargeCount(electorate, contenders, order, Places())


def test_who_surely_has_enough_is_counted_and_not_followed():
    votes = [{1}] * 3 + [{1, 2}] * 2 + [{2, 3}]
    electorate, _count = counting(votes, [30, 20, 60])
    narrowed = electorate.narrowed({1: 11.0, 2: 8.0, 3: inf}, 20.0)
    assert narrowed.times.tolist() == [1]
    assert (narrowed.voters, narrowed.scores) == (6, {1: 5, 2: 3, 3: 1})
    assert narrowed.solvent.beside.tolist() == [[5, 2, 0], [2, 2, 0], [0, 0, 0]]
    assert {number: crowd.solvent for number, crowd in narrowed.crowds.items()} == {1: 5, 2: 2, 3: 0}
    # Everybody who names 1 pays 6, and 2 is paid 20/3 by each; one of them has the rest of both.
    purses = Purses(narrowed, Fraction(20))
    purses.pay(1, purses.offer(1, 30, 6.0))
    assert purses.together(2) == 2 * 14 + 20
    assert purses.offer(2, 20, 6.7).payment == Fraction(20, 3)


def test_a_purchase_above_the_price_of_those_who_are_not_followed_is_refused_and_counted_with_everybody():
    votes = [{1}] * 3 + [{1, 2}] * 2 + [{2, 3}]
    electorate, count = counting(votes, [30, 20, 60])
    with pytest.raises(TooDear):
        Purses(electorate.narrowed({1: 5.0, 2: 8.0, 3: inf}, 20.0), Fraction(20)).offer(1, 30, 6.0)
    wanted = counting(votes, [30, 20, 60])[1].run(Fraction(20))
    # What was paid with another share makes prices that are far too low.
    count.learn({1: 0.1, 2: 0.1, 3: 0.1})
    assert count.run(Fraction(20)) == wanted


@settings(max_examples=50, deadline=None)
@given(st.lists(st.frozensets(numbers, min_size=1), min_size=1, max_size=30), st.data())
def test_pairs_are_counted_as_often_as_both_are_named(votes, data):
    found, times = columns(votes)
    wanted = np.array(data.draw(st.lists(st.booleans(), min_size=len(times), max_size=len(times))), bool)
    places = {number: number - 1 for number in range(1, 8)}
    table = counted_beside(found.numbers, found.sizes, times, wanted, places)
    kept = [(ballot, n) for ballot, n, yes in zip(marks_of_each(found), times, wanted, strict=True) if yes]
    for one, other in product(range(1, 8), repeat=2):
        assert table[one - 1, other - 1] == sum(n for ballot, n in kept if one in ballot and other in ballot)


def test_only_those_who_name_something_for_sale_have_a_share():
    contenders = [Contender(2, 30)]
    slow, fast = both(
        [{1}, {1, 2}, {2}, set()],
        contenders,
        40,
        completion=Completion.NONE,
        step=None,
        exhaustive_stop=False,
    )
    assert fast == slow
    assert fast.share == 20
