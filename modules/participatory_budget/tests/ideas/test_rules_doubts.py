"""Whose words wait for a person: examples from comment sections, and what holds for any words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modules.participatory_budget.rules.ideas.doubts import (
    WEIGHTS,
    Doubt,
    Writing,
    doubts_about,
    is_shouting,
    must_wait,
    weight,
)

FINE = (
    "I live next to this square and would love some shade there.",
    "Good idea! But who waters the trees in August? 15,000 euros will not be enough for 10 years.",
    "Voici le plan de la mairie : https://www.paris.fr/pages/arbres",
    "Egyetértek, a játszótér melletti pad 2019-ben tört el, azóta semmi nem történt.",
    "see also idea 12 and idea 45, both in the 11th",
    "OK",
    "----------",
)
SPAM = (
    Writing("cheap pills http://a.example http://b.example http://c.example http://d.example"),
    Writing("Nice post! Visit www.casino.example", is_newcomer=True),
    Writing("BUY NOW THE VERY BEST OFFER OF ALL IN TOWN", is_newcomer=True, seconds=1.0),
    Writing("I like this idea", is_trapped=True),
    Writing("Vote for number 7!", times_before=3, is_newcomer=True),
    Writing("write me on anna@spam.example or +36 30 123 4567", is_newcomer=True, seconds=0.5),
)


@pytest.mark.parametrize("text", FINE)
@pytest.mark.parametrize("is_newcomer", [False, True])
def test_what_residents_write_is_shown(text, is_newcomer):
    if is_newcomer and "http" in text:
        pytest.skip("a newcomer's first link is looked at")
    assert not must_wait(doubts_about(Writing(text, seconds=30, is_newcomer=is_newcomer)))


@pytest.mark.parametrize("writing", SPAM, ids=lambda one: one.text[:20])
def test_what_programs_write_waits(writing):
    assert must_wait(doubts_about(writing))


def test_no_single_weak_doubt_is_enough():
    for doubt in (Doubt.NEWCOMER, Doubt.SHOUTING, Doubt.CONTACT, Doubt.TOO_FAST, Doubt.REPEATED):
        assert not must_wait([doubt])
    assert must_wait([Doubt.TRAP])


@pytest.mark.parametrize(
    ("text", "shouts"),
    [
        ("THIS IS THE BEST IDEA OF THE WHOLE CITY", True),
        ("NEIN!", False),
        ("Nooooooooooooo", True),
        ("Please come to the RER at the SNCF.", False),
        ("这个主意很好这个主意很好这个主意很好这个主意很好", False),
    ],
)
def test_shouting_is_told_from_short_words_and_other_scripts(text, shouts):
    assert is_shouting(text) is shouts


@settings(max_examples=60)
@given(st.text(max_size=300), st.booleans(), st.booleans(), st.integers(0, 3), st.none() | st.floats(0, 60))
def test_more_reasons_never_weigh_less(text, trapped, newcomer, times, seconds):
    plain = Writing(text)
    doubted = Writing(text, is_trapped=trapped, is_newcomer=newcomer, times_before=times, seconds=seconds)
    assert weight(doubts_about(doubted)) >= weight(doubts_about(plain))
    assert set(doubts_about(plain)) <= set(doubts_about(doubted))


@given(st.sets(st.sampled_from(Doubt)))
def test_the_weight_is_the_sum_of_its_reasons(found):
    assert weight(found) == sum(WEIGHTS[one] for one in found)


@settings(max_examples=60)
@given(st.text(max_size=300))
def test_any_text_is_read_without_failing(text):
    assert set(doubts_about(Writing(text * 2))) <= set(Doubt)
