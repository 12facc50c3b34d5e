from datetime import UTC, date, datetime, timedelta

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.accounts.attributes import documents
from app.accounts.attributes.rules import (
    Aged,
    Eligibility,
    Lack,
    Level,
    OneOf,
    Statement,
    age_on,
    birthday,
    judge,
)

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
TODAY = NOW.date()
DISTRICT = OneOf("district", ("11", "12"), Level.ROLL)
OLD_ENOUGH = Aged(at_least=14, on=date(2026, 11, 22), level=Level.STAFF)

levels = st.sampled_from(Level)
days = st.dates(date(1900, 1, 1), date(2100, 12, 31))
conditions = st.one_of(
    st.builds(
        OneOf,
        st.sampled_from(["district", "school", "lives_in_city"]),
        st.lists(st.text("abc12 é", min_size=1, max_size=5), min_size=1, max_size=3, unique=True).map(tuple),
        levels,
    ),
    st.builds(
        Aged,
        st.integers(0, 60),
        st.one_of(st.none(), st.integers(60, 130)),
        st.one_of(st.none(), days),
        levels,
    ),
)
rules = st.builds(
    Eligibility, st.lists(st.lists(conditions, min_size=1, max_size=3).map(tuple), max_size=4).map(tuple)
)
statements = st.lists(
    st.one_of(
        st.builds(
            Statement,
            st.sampled_from(["district", "school", "lives_in_city"]),
            st.text("abc12 é", min_size=1, max_size=5),
            levels,
            st.just(NOW),
            st.sampled_from([None, NOW, NOW + timedelta(days=1)]),
        ),
        st.builds(Statement, st.just("birth_date"), days.map(str), levels, st.just(NOW)),
    ),
    max_size=5,
    unique_by=lambda one: one.attribute,
)


def said(attribute, value, level=Level.SELF, **more):
    return Statement(attribute, value, level, NOW, **more)


BOTH = Eligibility(((DISTRICT,), (OLD_ENOUGH,)))


def verdict(*known, rule=BOTH, at=NOW):
    return judge(rule, known, at=at, today=at.date())


def lacks(found):
    return [lack for missing in found.missing for _condition, lack in missing.lacks]


def test_whoever_meets_every_need_at_its_level_is_eligible():
    assert verdict(said("district", "12", Level.ROLL), said("birth_date", "2000-01-01", Level.ROLL)).eligible


def test_each_need_says_what_is_missing():
    assert lacks(verdict()) == [Lack.UNKNOWN, Lack.UNKNOWN]
    assert lacks(verdict(said("district", "12"), said("birth_date", "2015-01-01", Level.ROLL))) == [
        Lack.TOO_UNSURE,
        Lack.OTHER_VALUE,
    ]
    over = said("district", "12", Level.ROLL, expires_at=NOW)
    assert lacks(verdict(over, said("birth_date", "2000-01-01", Level.STAFF))) == [Lack.EXPIRED]


def test_any_condition_of_a_need_is_enough():
    lives_or_works = Eligibility(
        ((OneOf("lives_in_city", ("yes",)), OneOf("works_in_city", ("yes",), Level.STAFF)),)
    )
    assert verdict(said("lives_in_city", "yes"), rule=lives_or_works).eligible
    assert verdict(said("works_in_city", "yes", Level.CODE), rule=lives_or_works).missing[0].lacks == (
        (lives_or_works.needs[0][0], Lack.UNKNOWN),
        (lives_or_works.needs[0][1], Lack.TOO_UNSURE),
    )


def test_the_surest_statement_counts_even_where_a_rule_asks_for_less():
    rule = Eligibility(((OneOf("district", ("11",), Level.SELF),),))
    assert not verdict(said("district", "11"), said("district", "12", Level.ROLL), rule=rule).eligible


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        ("2012-11-22", "2026-11-22", 14),
        ("2012-11-23", "2026-11-22", 13),
        ("2012-02-29", "2026-02-28", 13),
        ("2012-02-29", "2026-03-01", 14),
        ("2012-02-29", "2028-02-28", 15),
        ("2012-02-29", "2028-02-29", 16),
    ],
)
def test_people_are_older_from_their_birthday_on(born, day, age):
    assert age_on(date.fromisoformat(born), date.fromisoformat(day)) == age


@given(days, st.integers(0, 120))
def test_the_birthday_is_the_first_day_of_an_age(born, age):
    day = birthday(born, age)
    assert age_on(born, day) == age
    assert age_on(born, day - timedelta(days=1)) == age - 1


@settings(max_examples=200)
@given(rules, statements, levels)
def test_surer_statements_never_shut_anybody_out(rule, known, level):
    if judge(rule, known, at=NOW, today=TODAY).eligible:
        surer = [
            Statement(
                one.attribute,
                one.value,
                max(one.level, level, key=lambda a: a.rank),
                one.stated_at,
                one.expires_at,
            )
            for one in known
        ]
        assert judge(rule, surer, at=NOW, today=TODAY).eligible


@given(rules, statements)
def test_without_a_level_to_reach_more_people_are_let_in(rule, known):
    eased = Eligibility(
        tuple(
            tuple(
                OneOf(one.attribute, one.values)
                if isinstance(one, OneOf)
                else Aged(one.at_least, one.at_most, one.on)
                for one in need
            )
            for need in rule.needs
        )
    )
    if judge(rule, known, at=NOW, today=TODAY).eligible:
        assert judge(eased, known, at=NOW, today=TODAY).eligible


@given(rules, statements)
def test_what_has_expired_counts_as_if_it_had_not_been_said(rule, known):
    later = NOW + timedelta(days=2)
    left = [one for one in known if one.expires_at is None]
    found = judge(rule, known, at=later, today=later.date())
    assert found.eligible == judge(rule, left, at=later, today=later.date()).eligible


@given(rules)
def test_a_rule_survives_its_document_which_the_schema_accepts(rule):
    document = documents.write(rule)
    jsonschema.validate(document, documents.SCHEMA)
    assert documents.read(document) == rule
    assert documents.write(documents.read(document)) == document


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ({"attribute": "district", "values": [], "level": "self"}, "values"),
        ({"attribute": "district", "values": ["1", "1"], "level": "self"}, "values"),
        ({"attribute": "District", "values": ["1"], "level": "self"}, "attribute"),
        ({"attribute": "district", "values": ["1"], "level": "sure"}, "level"),
        ({"attribute": "district", "values": ["1"]}, "level"),
        ({"attribute": "district", "values": ["1"], "level": "self", "not": True}, "not is unknown"),
        ({"attribute": "birth_date", "values": ["2000-01-01"], "level": "self"}, "values is unknown"),
        ({"attribute": "birth_date", "level": "self"}, "at_least or at_most"),
        ({"attribute": "birth_date", "at_least": 14, "on": "1.5.2026", "level": "self"}, "a day like"),
        ({"attribute": "birth_date", "at_least": -1, "level": "self"}, "an age"),
        ({"attribute": "birth_date", "at_least": True, "level": "self"}, "an age"),
    ],
)
def test_what_is_no_rule_is_refused_by_reader_and_schema_alike(condition, message):
    document = {"version": 1, "needs": [{"any": [condition]}]}
    with pytest.raises(documents.WrongRule, match=message):
        documents.read(document)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, documents.SCHEMA)


@pytest.mark.parametrize(
    "document", [None, [], {}, {"version": 2, "needs": []}, {"version": 1, "needs": [{}]}]
)
def test_a_document_of_another_kind_lets_nobody_in(document):
    with pytest.raises(documents.WrongRule):
        documents.read(document)


def test_an_age_span_that_nobody_can_be_in_is_refused():
    span = {"attribute": "birth_date", "at_least": 20, "at_most": 10, "level": "self"}
    with pytest.raises(documents.WrongRule, match="more than"):
        documents.read({"version": 1, "needs": [{"any": [span]}]})
