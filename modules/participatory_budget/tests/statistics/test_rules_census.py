"""The census as cities send it, and what voters are compared with."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.participatory_budget.rules.statistics.ages import NAMES, age_class
from modules.participatory_budget.rules.statistics.census import Dimension, Flaw, WrongCensus, read
from modules.participatory_budget.rules.statistics.comparing import Verdict, compare


def test_a_census_by_district_and_age_is_added_up_by_each():
    found = read("district;age;people\nI.;18-29;1 200\nI.;75+;300\nII.;18–29;500\n")
    assert found.people[Dimension.DISTRICT] == {"I.": 1500, "II.": 500}
    assert found.people[Dimension.AGE] == {"18-29": 1700, "75+": 300}
    assert found.total == 2000


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_any_usual_separator_and_a_byte_order_mark_are_taken(separator):
    text = "\ufeff" + separator.join(("Sex", "People")) + "\n" + separator.join(("f", "7")) + "\n"
    assert read(text).people == {Dimension.SEX: {"f": 7}}


@pytest.mark.parametrize(
    ("text", "flaw", "line"),
    [
        ("", Flaw.EMPTY, 0),
        ("district,people\n", Flaw.EMPTY, 0),
        ("district,number\nI,5\n", Flaw.UNKNOWN_COLUMN, 1),
        ("district,age\nI,18-29\n", Flaw.NO_PEOPLE, 1),
        ("people\n5\n", Flaw.NOTHING_TO_COUNT_BY, 1),
        ("district,people\nI,many\n", Flaw.NOT_A_NUMBER, 2),
        ("district,people\nI,-5\n", Flaw.NOT_A_NUMBER, 2),
        ("district,people\nI,5\n,6\n", Flaw.MISSING_VALUE, 3),
        ("age,people\n18-30,5\n", Flaw.UNKNOWN_AGE, 2),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(text, flaw, line):
    with pytest.raises(WrongCensus) as wrong:
        read(text)
    assert (wrong.value.flaw, wrong.value.line) == (flaw, line)


@given(st.integers(0, 130))
def test_every_age_has_one_class(age):
    assert age_class(age) in NAMES
    assert NAMES.index(age_class(age)) <= NAMES.index(age_class(age + 1))


def test_nobody_knows_the_class_of_an_unknown_age():
    assert age_class(None) == age_class(-1) == ""


def test_groups_take_part_more_less_or_about_as_much_as_there_are_people():
    groups = compare({"a": 50, "b": 40, "c": 10}, 100, {"a": 200, "b": 400, "c": 400})
    assert [one.verdict for one in groups] == [Verdict.MORE, Verdict.SAME, Verdict.LESS]
    assert groups[0].ratio == Fraction(5, 2)
    assert sum(one.share_of_people for one in groups) == 1


def test_of_a_hidden_group_nothing_is_said():
    hidden, empty = compare({"a": None, "b": 90}, 100, {"a": 10, "b": 0})
    assert (hidden.verdict, hidden.ratio, hidden.share_of_voters) == (Verdict.UNKNOWN, None, None)
    assert empty.verdict is Verdict.UNKNOWN
    assert all(one.verdict is Verdict.UNKNOWN for one in compare({"a": 5}, None, {"a": 10}))


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 10**6), min_size=1))
def test_groups_that_vote_as_they_are_many_all_come_out_the_same(people):
    groups = compare(people, sum(people.values()), people)
    assert all(one.verdict in (Verdict.SAME, Verdict.UNKNOWN) for one in groups)
