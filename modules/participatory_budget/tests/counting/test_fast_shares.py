from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from modules.participatory_budget.fast.columns import columns_of, grouped
from modules.participatory_budget.fast.electorate import Electorate
from modules.participatory_budget.fast.shares import LargeCount
from modules.participatory_budget.rules.ballots import BallotType, encode_choices
from modules.participatory_budget.rules.counting.places import Places
from modules.participatory_budget.rules.equal_shares import Completion, completed, equal_shares
from modules.participatory_budget.rules.ties import Contender

numbers = st.integers(1, 7)
ballots = st.lists(st.frozensets(numbers, max_size=5), min_size=1, max_size=40)
# Few different costs, so that many projects ask for exactly as much.
costs = st.lists(st.sampled_from([0, 10, 20, 20, 30, 35, 60, 1000]), min_size=7, max_size=7)


def pages(kind, stored, most):
    """Return stored ballots as columns, so many at once."""
    for begin in range(0, len(stored), most):
        part = stored[begin : begin + most]
        yield columns_of(kind, b"".join(part), b"".join(len(one).to_bytes(4, "big") for one in part))


def columns(votes):
    stored = sorted(encode_choices(vote) for vote in votes)
    return grouped(pages(BallotType.APPROVAL, stored, 7))


def both(votes, contenders, money, **asked):
    order = {one.number: (one.cost, one.number) for one in contenders}
    places = asked.pop("places", Places())
    slow = equal_shares(
        [tuple(sorted(v)) for v in votes], contenders, money, order, places=places.again(), **asked
    )
    electorate = Electorate(*columns(votes), [one.number for one in contenders])
    fast = completed(LargeCount(electorate, contenders, order, places.again()), money, **asked)
    return slow, fast


@settings(max_examples=150, deadline=None)
@given(ballots, costs, st.integers(0, 300), st.sampled_from(Completion))
def test_large_counts_buy_what_the_reference_buys_to_the_last_fraction(votes, prices, money, completion):
    contenders = [Contender(number, cost) for number, cost in enumerate(prices, start=1)]
    slow, fast = both(
        votes,
        contenders,
        money,
        completion=completion,
        step=Fraction(money, 7) or None,
        exhaustive_stop=False,
    )
    assert fast == slow
    assert dict(fast.means) == dict(slow.means)


@settings(max_examples=50, deadline=None)
@given(ballots, costs, st.integers(1, 300), st.booleans(), st.integers(1, 4))
def test_large_counts_shut_out_rivals_as_the_reference_does(votes, prices, money, stop, most):
    contenders = [Contender(number, cost) for number, cost in enumerate(prices, start=1)]
    slow, fast = both(
        votes,
        contenders,
        money,
        completion=Completion.ADD1U,
        step=None,
        exhaustive_stop=stop,
        places=Places([(1, 2), (3, 4, 5)], most),
    )
    assert fast == slow


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
