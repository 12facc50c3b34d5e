"""The rules for ideas as data, and what they say of support."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.participatory_budget.rules.ideas.rules import (
    IdeaRules,
    Publication,
    ShowsSupports,
    is_reached,
    may_show_supports,
    needed,
    read_idea_rules,
    write_idea_rules,
)
from modules.participatory_budget.rules.ideas.threads import threads

some_rules = st.builds(
    IdeaRules,
    publication=st.sampled_from(Publication),
    delay_hours=st.integers(1, 500),
    most_ideas=st.none() | st.integers(1, 50),
    most_supports=st.none() | st.integers(1, 50),
    threshold=st.integers(0, 100),
    threshold_is_percent=st.booleans(),
    shows_supports=st.sampled_from(ShowsSupports),
    takes_comments=st.booleans(),
)


@given(some_rules)
def test_rules_come_back_as_they_were_stored(rules):
    assert read_idea_rules(write_idea_rules(rules)) == rules


def test_an_empty_document_is_the_usual_rules():
    assert read_idea_rules({}) == IdeaRules()


@pytest.mark.parametrize(
    "document",
    [
        {"nonsense": 1},
        {"publication": "sometimes"},
        {"delay_hours": "48"},
        {"delay_hours": True},
        {"delay_hours": 0},
        {"most_supports": 0},
        {"takes_comments": 1},
        {"threshold": -1},
        {"shortest_text": 100, "longest_text": 99},
        {"threshold": 101, "threshold_is_percent": True},
    ],
)
def test_nonsense_is_refused(document):
    with pytest.raises(ValueError):
        read_idea_rules(document)


@pytest.mark.parametrize(
    ("threshold", "percent", "supports", "supporters", "reached"),
    [
        (0, False, 0, 0, True),
        (10, False, 9, 500, False),
        (10, False, 10, 500, True),
        (5, True, 24, 500, False),
        (5, True, 25, 500, True),
        (5, True, 0, 0, False),
        (0, True, 0, 500, True),
    ],
)
def test_the_threshold_is_a_number_or_a_share(threshold, percent, supports, supporters, reached):
    rules = IdeaRules(threshold=threshold, threshold_is_percent=percent)
    assert is_reached(rules, supports, supporters) is reached


@given(st.integers(0, 100), st.booleans(), st.integers(0, 5000))
def test_what_is_needed_is_the_least_that_reaches(threshold, percent, supporters):
    rules = IdeaRules(threshold=threshold, threshold_is_percent=percent)
    least = needed(rules, supporters)
    assert is_reached(rules, least, supporters)
    assert least == 0 or not is_reached(rules, least - 1, supporters)


@pytest.mark.parametrize(
    ("shows", "while_open", "afterwards"),
    [
        (ShowsSupports.ALWAYS, True, True),
        (ShowsSupports.AFTERWARDS, False, True),
        (ShowsSupports.NEVER, False, False),
    ],
)
def test_numbers_are_shown_when_the_city_says(shows, while_open, afterwards):
    rules = IdeaRules(shows_supports=shows)
    assert may_show_supports(rules, is_over=False) is while_open
    assert may_show_supports(rules, is_over=True) is afterwards


@given(st.lists(st.tuples(st.integers(0, 5), st.none() | st.integers(0, 5)), unique_by=lambda pair: pair[0]))
def test_threads_have_two_levels_and_lose_no_comment_whose_parent_is_there(pairs):
    made = threads(pairs, lambda one: one[0], lambda one: one[1])
    first = {one[0] for one in pairs if one[1] is None}
    assert [one.first[0] for one in made] == [one[0] for one in pairs if one[1] is None]
    assert sum(len(one.answers) for one in made) == sum(
        one[1] in first for one in pairs if one[1] is not None
    )
