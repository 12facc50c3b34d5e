"""Who gets the money: what holds for every count."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from ..rules.outcomes import Method, Reason, ReasonCode, Rule
from ..rules.tally import count
from ..rules.ties import Contender, TieBreak
from .counting_cases import decide

ENVELOPES = ("green", "roads")
CANNOT_WIN = (ReasonCode.NO_VOTES, ReasonCode.BELOW_THRESHOLD, ReasonCode.EXCLUDED)


@st.composite
def counts(draw, most=8):
    """Return votes, contenders, a rule and exclusions that belong together."""
    paper = [
        Contender(number, draw(st.integers(0, 6)), draw(st.sampled_from(ENVELOPES)))
        for number in draw(st.lists(st.integers(1, 99), max_size=most, unique=True))
    ]
    votes = {contender.number: draw(st.integers(0, 4)) for contender in paper}
    rule = Rule(
        budget=draw(st.integers(0, 20)),
        envelopes=draw(st.just({}) | st.fixed_dictionaries(dict.fromkeys(ENVELOPES, st.integers(0, 10)))),
        method=draw(st.sampled_from((Method.GREEDY_SKIP, Method.GREEDY_STOP))),
        tie_break=draw(st.sampled_from(TieBreak)),
        min_votes=draw(st.integers(0, 3)),
    )
    out = draw(st.sets(st.sampled_from(sorted(votes)))) if votes else set()
    return votes, paper, rule, dict.fromkeys(out, "No permit")


def decide_all(case):
    votes, paper, rule, excluded = case
    return decide(votes, paper, rule, excluded=excluded)


@given(counts())
def test_no_envelope_spends_more_than_it_has(case):
    _, paper, rule, _ = case
    decision = decide_all(case)
    for spending in decision.spending:
        cost = sum(
            one.cost for one in paper if one.number in decision.funded and spending.name in ("", one.envelope)
        )
        assert cost == spending.spent <= spending.money
        assert spending.money == (rule.envelopes[spending.name] if rule.envelopes else rule.budget)


@given(counts())
def test_with_skip_nobody_who_could_win_would_still_fit(case):
    votes, paper, rule, excluded = case
    decision = decide(votes, paper, Rule(rule.budget, rule.envelopes), excluded=excluded)
    left = {spending.name: spending.left for spending in decision.spending}
    for contender, outcome in zip(paper, decision.outcomes, strict=True):
        if not outcome.funded and outcome.reason.code not in CANNOT_WIN:
            assert contender.cost > left[contender.envelope if rule.envelopes else ""]


@given(counts())
def test_with_stop_the_funded_are_a_prefix_of_those_who_can_win(case):
    votes, paper, rule, excluded = case
    rule = Rule(rule.budget, rule.envelopes, Method.GREEDY_STOP, rule.tie_break, rule.min_votes)
    decision = decide(votes, paper, rule, excluded=excluded)
    envelope = {contender.number: contender.envelope if rule.envelopes else "" for contender in paper}
    for spending in decision.spending:
        running = [one for one in decision.outcomes if envelope[one.project] == spending.name and one.rank]
        funded = [
            one.funded
            for one in sorted(running, key=lambda one: one.rank)
            if one.reason.code not in CANNOT_WIN
        ]
        assert funded == sorted(funded, reverse=True)


@given(counts(), st.integers(1, 1000))
def test_money_in_another_unit_gives_the_same_winners_and_ties(case, factor):
    votes, paper, rule, excluded = case
    scaled = [Contender(one.number, one.cost * factor, one.envelope) for one in paper]
    larger = Rule(
        rule.budget * factor,
        {name: money * factor for name, money in rule.envelopes.items()},
        rule.method,
        rule.tie_break,
        rule.min_votes,
    )
    before, after = decide_all(case), decide(votes, scaled, larger, excluded=excluded)
    assert (before.funded, before.ties) == (after.funded, after.ties)
    assert [one.reason.code for one in before.outcomes] == [one.reason.code for one in after.outcomes]


@given(counts(), st.integers(2, 9))
def test_counting_every_voter_several_times_changes_no_winner(case, times):
    votes, paper, rule, excluded = case
    rule = Rule(rule.budget, rule.envelopes, rule.method, rule.tie_break)
    more = {number: n * times for number, n in votes.items()}
    assert (
        decide(more, paper, rule, excluded=excluded).funded
        == decide(votes, paper, rule, excluded=excluded).funded
    )


@given(counts(), st.randoms())
def test_a_shuffled_list_changes_nothing_when_cost_and_votes_differ(case, random):
    votes, paper, rule, excluded = case
    distinct = list({(votes[one.number], one.cost): one for one in paper}.values())
    rule = Rule(rule.budget, rule.envelopes, rule.method, TieBreak.CHEAPER_FIRST, rule.min_votes)
    excluded = {one.number: "No permit" for one in distinct if one.number in excluded}
    one = decide(votes, distinct, rule, excluded=excluded)
    other = decide(votes, random.sample(distinct, len(distinct)), rule, excluded=excluded)
    assert set(one.funded) == set(other.funded)
    assert {o.project: o.reason for o in one.outcomes} == {o.project: o.reason for o in other.outcomes}


@given(counts())
def test_an_excluded_project_leaves_the_count_as_if_it_had_never_stood(case):
    votes, paper, rule, excluded = case
    without = decide(votes, [one for one in paper if one.number not in excluded], rule)
    decision = decide_all(case)
    assert decision.funded == without.funded
    assert decision.spending == without.spending
    assert tuple(one for one in decision.outcomes if one.project not in excluded) == without.outcomes


@given(counts(most=5))
def test_a_tie_is_recorded_exactly_when_another_order_of_equals_funds_others(case):
    votes, paper, rule, _ = case
    decision = decide(votes, paper, rule)
    first = {}
    for order in permutations(paper):
        free = Rule(rule.budget, rule.envelopes, rule.method, TieBreak.DECLARED_ORDER, rule.min_votes)
        first.setdefault(frozenset(decide(votes, order, free).funded), order)
    assert bool(decision.ties) == (len(first) > 1)


@given(counts())
def test_every_project_has_one_outcome_whose_reason_agrees(case):
    _, paper, _, excluded = case
    decision = decide_all(case)
    assert [one.project for one in decision.outcomes] == [one.number for one in paper]
    for one in decision.outcomes:
        assert one.funded == (one.reason.code is ReasonCode.FUNDED)
        assert (one.rank is None) == (one.project in excluded)
        assert one.reason.by is None or one.reason.by > 0
        assert one.reason.left is None or one.reason.left >= 0


@given(st.lists(st.lists(st.integers(1, 5), unique=True)), st.permutations(range(1, 6)))
def test_renaming_the_projects_renames_the_winners(ballots, names):
    def rename(number):
        return names[number - 1]

    paper = [Contender(number, number * 7 % 11) for number in range(1, 6)]
    renamed = [Contender(rename(one.number), one.cost) for one in paper]
    rule = Rule(budget=15)
    one = decide(count(ballots, range(1, 6)).votes, paper, rule)
    moved = [[rename(number) for number in choices] for choices in ballots]
    other = decide(count(moved, range(1, 6)).votes, renamed, rule)
    assert tuple(rename(number) for number in one.funded) == other.funded


def test_eleven_hundred_projects_can_all_win():
    paper = [Contender(number, 1) for number in range(1, 1101)]
    decision = decide(dict.fromkeys(range(1, 1101), 1), paper, Rule(budget=1100))
    assert len(decision.funded) == 1100
    assert decision.outcomes[-1].reason == Reason(ReasonCode.FUNDED, left=0)
