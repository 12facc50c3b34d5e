"""Counting ballots."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ..rules.tally import Tally, count

PROJECTS = range(1, 8)
ballots = st.lists(st.lists(st.sampled_from(PROJECTS), unique=True), max_size=40)


def test_each_ballot_gives_one_vote_to_each_project_it_names():
    tally = count([(1, 2), (2,), ()], [1, 2, 3])
    assert tally == Tally({1: 1, 2: 2, 3: 0}, ballots=3, blank=1)


def test_without_ballots_every_project_has_no_vote():
    assert count([], [1, 2]) == Tally({1: 0, 2: 0}, ballots=0, blank=0)


def test_equal_ballots_can_be_counted_together():
    tally = Tally.of([1, 2])
    tally.add((1,), times=3)
    tally.add((), times=2)
    assert tally == Tally({1: 3, 2: 0}, ballots=5, blank=2)


@pytest.mark.parametrize("choices", [(1, 1), (1, 9)])
def test_a_ballot_that_was_never_checked_is_refused_and_counts_nothing(choices):
    tally = Tally.of([1, 2])
    with pytest.raises(ValueError):
        tally.add(choices)
    assert tally == Tally.of([1, 2])


def test_tallies_of_different_papers_are_not_merged():
    with pytest.raises(ValueError):
        Tally.of([1]).merge(Tally.of([1, 2]))


@given(ballots, st.randoms())
def test_the_order_of_ballots_and_choices_makes_no_difference(cast, random):
    shuffled = [random.sample(choices, len(choices)) for choices in random.sample(cast, len(cast))]
    assert count(shuffled, PROJECTS) == count(cast, PROJECTS)


@given(ballots, st.lists(st.integers(0, 40)))
def test_a_count_in_parts_is_the_count_of_the_whole(cast, cuts):
    total = Tally.of(PROJECTS)
    for start, end in pairwise(sorted({0, len(cast), *(min(cut, len(cast)) for cut in cuts)})):
        total.merge(count(cast[start:end], PROJECTS))
    assert total == count(cast, PROJECTS)


@given(ballots)
def test_votes_add_up_to_the_choices_on_all_ballots(cast):
    assert sum(count(cast, PROJECTS).votes.values()) == sum(len(choices) for choices in cast)
