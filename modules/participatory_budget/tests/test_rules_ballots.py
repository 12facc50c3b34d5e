"""What a voter may choose."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ..rules.ballots import (
    BallotRule,
    BallotType,
    Option,
    Problem,
    ProblemCode,
    Remaining,
    check_choices,
    decode_choices,
    encode_choices,
    obstacle,
    remaining,
)

PAPER = (
    Option(1, 500, category="green", district="north"),
    Option(2, 300, category="green"),
    Option(3, 300, category="green", district="south"),
    Option(4, 700, category="roads", district="north"),
    Option(5, 200, category="roads"),
)
PER_CATEGORY = BallotRule(max_per_category=2)
KNAPSACK = BallotRule(BallotType.KNAPSACK, budget=1000)

numbers = st.integers(1, 65_535)
papers = st.lists(
    st.builds(
        Option, st.integers(1, 12), st.integers(0, 900), st.sampled_from("abc"), st.sampled_from(["", "n"])
    ),
    unique_by=lambda option: option.number,
)
rules = st.builds(
    BallotRule,
    st.sampled_from(BallotType),
    st.none() | st.integers(1, 5),
    st.none() | st.integers(1, 3),
    st.none() | st.integers(1, 2000),
    st.integers(0, 2),
)


def test_choices_within_every_limit_have_no_problem():
    assert check_choices([2, 5], PAPER, PER_CATEGORY) == ()


def test_an_empty_ballot_is_a_problem_unless_the_rule_lets_it_pass():
    assert check_choices([], PAPER, BallotRule()) == (Problem(ProblemCode.EMPTY, limit=1),)
    assert check_choices([], PAPER, BallotRule(min_choices=0)) == ()


def test_fewer_choices_than_the_minimum_are_a_problem_with_both_numbers():
    problems = check_choices([1, 2], PAPER, BallotRule(min_choices=3))
    assert problems == (Problem(ProblemCode.TOO_FEW, limit=3, chosen=2),)


def test_one_choice_above_the_limit_is_a_problem_and_the_limit_itself_is_not():
    rule = BallotRule(max_choices=2)
    assert check_choices([1, 2], PAPER, rule) == ()
    assert check_choices([1, 2, 5], PAPER, rule) == (Problem(ProblemCode.TOO_MANY, limit=2, chosen=3),)


def test_the_category_with_too_many_choices_is_named():
    problems = check_choices([1, 2, 3, 5], PAPER, PER_CATEGORY)
    assert problems == (Problem(ProblemCode.TOO_MANY_IN_CATEGORY, category="green", limit=2, chosen=3),)


def test_a_knapsack_may_be_filled_to_the_last_cent_and_no_further():
    assert check_choices([1, 2, 5], PAPER, KNAPSACK) == ()
    over = check_choices([1, 2, 5], PAPER, BallotRule(BallotType.KNAPSACK, budget=999))
    assert over == (Problem(ProblemCode.OVER_BUDGET, limit=999, by=1),)


def test_an_approval_ballot_does_not_look_at_costs():
    assert check_choices([1, 2, 3, 4, 5], PAPER, BallotRule(BallotType.APPROVAL, budget=1)) == ()


def test_projects_that_are_unknown_or_named_twice_are_named():
    problems = check_choices([9, 2, 2], PAPER, BallotRule())
    assert problems == (
        Problem(ProblemCode.UNKNOWN_PROJECT, project=9),
        Problem(ProblemCode.DUPLICATE, project=2),
    )


def test_a_project_named_twice_costs_its_money_once():
    assert check_choices([1, 1, 2], PAPER, KNAPSACK) == (Problem(ProblemCode.DUPLICATE, project=1),)


def test_a_voter_of_one_district_chooses_there_and_for_the_whole_city():
    problems = check_choices([1, 2, 3], PAPER, BallotRule(), district="north")
    assert problems == (Problem(ProblemCode.WRONG_DISTRICT, project=3),)


def test_every_problem_of_a_ballot_is_reported_at_once():
    rule = BallotRule(BallotType.KNAPSACK, max_choices=1, max_per_category=1, budget=100)
    codes = [problem.code for problem in check_choices([1, 2, 2, 8], PAPER, rule, district="south")]
    assert codes == [
        ProblemCode.UNKNOWN_PROJECT,
        ProblemCode.DUPLICATE,
        ProblemCode.WRONG_DISTRICT,
        ProblemCode.TOO_MANY,
        ProblemCode.TOO_MANY_IN_CATEGORY,
        ProblemCode.OVER_BUDGET,
    ]


def test_the_page_learns_what_is_left_in_total_and_in_every_category():
    rule = BallotRule(BallotType.KNAPSACK, max_choices=3, max_per_category=2, budget=1000)
    assert remaining([1, 2], PAPER, rule) == Remaining(1, 200, {"green": 0, "roads": 2})


def test_nothing_is_limited_without_limits():
    assert remaining([1, 2], PAPER, BallotRule()) == Remaining(None, None, {})


def test_a_project_that_is_too_dear_tells_how_much_is_missing():
    left = remaining([1], PAPER, KNAPSACK)
    assert obstacle(PAPER[3], left, KNAPSACK) == Problem(ProblemCode.OVER_BUDGET, limit=1000, by=200)
    assert obstacle(PAPER[1], left, KNAPSACK) is None


@given(papers, rules, st.data())
def test_a_project_can_be_added_exactly_when_the_larger_ballot_passes_the_upper_limits(paper, rule, data):
    chosen = data.draw(st.lists(st.sampled_from(paper), unique=True)) if paper else []
    more = [option for option in paper if option not in chosen]
    before = [option.number for option in chosen]
    if not more or {p.code for p in check_choices(before, paper, rule)} - {
        ProblemCode.EMPTY,
        ProblemCode.TOO_FEW,
    }:
        return
    option = data.draw(st.sampled_from(more))
    problem = obstacle(option, remaining(before, paper, rule), rule)
    after = check_choices([*before, option.number], paper, rule)
    upper = [found for found in after if found.code is not ProblemCode.TOO_FEW]
    assert (problem is None) == (not upper)
    assert problem is None or problem in upper


@given(st.sets(numbers))
def test_stored_choices_come_back_sorted(choices):
    assert decode_choices(encode_choices(choices)) == tuple(sorted(choices))


@given(st.sets(numbers), st.sets(numbers))
def test_bytes_sort_as_the_numbers_do(one, other):
    assert (encode_choices(one) < encode_choices(other)) == (sorted(one) < sorted(other))


@pytest.mark.parametrize("choices", [[1, 1], [0], [-1], [65_536]])
def test_what_is_not_a_set_of_project_numbers_is_never_stored(choices):
    with pytest.raises(ValueError):
        encode_choices(choices)


@pytest.mark.parametrize("stored", [b"\x00", b"\x00\x02\x00\x01", b"\x00\x01\x00\x01", b"\x00\x00"])
def test_bytes_that_were_never_written_are_refused(stored):
    with pytest.raises(ValueError):
        decode_choices(stored)


def test_two_bytes_hold_the_highest_number():
    assert encode_choices([65_535, 1]) == b"\x00\x01\xff\xff"
