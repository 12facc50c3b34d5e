"""What a machine notices in the words of residents."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.participatory_budget.rules.moderation.hints import (
    HintCode,
    has_email,
    has_phone,
    hints_in,
    is_shouting,
    other_language,
)

FRENCH = "Je propose de planter des arbres dans la rue, car il n'y a pas d'ombre pour les enfants qui vont à l'école."
ENGLISH = (
    "We should plant trees in this street, as there is no shade for the children on the way to the school."
)
HUNGARIAN = (
    "Az utcában nincs árnyék, ezért jó lenne, ha a város fákat ültetne, és minden gyerek örülne, hogy van."
)


@pytest.mark.parametrize(
    "text",
    ["Call me: 06 12 34 56 78", "+36 1 234 5678", "tel. (410) 555-0123", "0612345678", "06-30/123-45-67"],
)
def test_a_telephone_number_is_seen_however_it_is_written(text):
    assert has_phone(text)


@pytest.mark.parametrize(
    "text",
    [
        "It costs 1 250 000 000 forints",
        "250.000.000 Ft",
        "from 2024 to 2026",
        "opened on 12.10.2024",
        "75011 Paris, 35 rue de la Roquette",
        "see https://example.org/06123456789",
        "",
    ],
)
def test_sums_years_postcodes_and_addresses_of_pages_are_no_telephone_numbers(text):
    assert not has_phone(text)


def test_an_address_of_mail_is_seen():
    assert has_email("write to anna.k+pb@paris.example please")
    assert not has_email("@paris and me@home")


@pytest.mark.parametrize("text", ["WE WANT A PARK AND WE WANT IT NOW", "A park now!!!"])
def test_shouting_is_heard(text):
    assert is_shouting(text)


@pytest.mark.parametrize(
    "text", ["A park for the RATP and the SNCF near our school", "OK", "A park! Really?"]
)
def test_some_capitals_are_no_shouting(text):
    assert not is_shouting(text)


@pytest.mark.parametrize(
    ("text", "expected", "found"),
    [
        (FRENCH, ["fr"], ""),
        (FRENCH, ["fr", "en"], ""),
        (FRENCH, ["hu"], "fr"),
        (ENGLISH, ["fr"], "en"),
        (HUNGARIAN, ["en", "es"], "hu"),
        ("A bench", ["hu"], ""),
        (FRENCH, ["xx"], ""),
        (FRENCH, [], ""),
    ],
)
def test_another_language_is_named_only_when_it_is_sure(text, expected, found):
    assert other_language(text, expected) == found


def test_hints_come_together():
    found = hints_in(f"{ENGLISH} Mail me: a@b.example", language="fr", offered=("fr", "en"))
    assert [hint.code for hint in found] == [HintCode.EMAIL, HintCode.OTHER_LANGUAGE]
    assert found[1].about == "en"
    assert hints_in(ENGLISH, offered=("fr", "en")) == ()


def test_two_links_are_a_hint():
    assert [hint.code for hint in hints_in("https://a.example and www.b.example")] == [HintCode.LINKS]


@given(st.text(max_size=400))
def test_no_text_breaks_it(text):
    assert len({hint.code for hint in hints_in(text, offered=("fr", "hu"))}) == len(
        hints_in(text, offered=("fr", "hu"))
    )
