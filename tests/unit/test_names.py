import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants import names
from tenants.names import Problem

BASE = "parvis.localhost"


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Szentendre", "szentendre"),
        ("Székesfehérvár", "szekesfehervar"),
        ("Hódmezővásárhely", "hodmezovasarhely"),
        ("Łódź", "lodz"),
        ("Ærø", "aero"),
        ("İstanbul", "istanbul"),
        ("Weißenburg", "weissenburg"),
        ("L’Haÿ-les-Roses", "l-hay-les-roses"),
        ("Val-d'Isère", "val-d-isere"),
        ("  Saint   Denis  ", "saint-denis"),
        ("3 Rivers", "rivers"),
        ("東京", ""),
        ("", ""),
    ],
)
def test_an_address_is_suggested_from_the_name(name, slug):
    assert names.suggest(name) == slug


@given(st.text(max_size=200))
def test_a_suggestion_never_breaks_the_form_of_an_address(name):
    slug = names.suggest(name)
    assert names.problem(slug) in (None, Problem.TOO_SHORT, Problem.RESERVED)
    assert names.suggest(slug) == slug


@pytest.mark.parametrize(
    ("slug", "problem"),
    [
        ("szentendre", None),
        ("a-1", None),
        ("a" * 40, None),
        ("a" * 41, Problem.TOO_LONG),
        ("a" * 64, Problem.TOO_LONG),
        ("ab", Problem.TOO_SHORT),
        ("", Problem.TOO_SHORT),
        ("-abc", Problem.MALFORMED),
        ("abc-", Problem.MALFORMED),
        ("1abc", Problem.MALFORMED),
        ("xn--abc", Problem.MALFORMED),
        ("a_b_c", Problem.MALFORMED),
        ("a.b.c", Problem.MALFORMED),
        ("abc\n", Problem.MALFORMED),
        ("budapest\u00e9", Problem.MALFORMED),
        ("www", Problem.RESERVED),
        ("admin", Problem.RESERVED),
        ("api", Problem.RESERVED),
    ],
)
def test_an_address_has_the_form_of_a_host_label(slug, problem):
    assert names.problem(slug) == problem


@pytest.mark.parametrize(
    "typed",
    [
        "Szentendre",
        " szentendre ",
        "szentendre.parvis.localhost",
        "https://szentendre.parvis.localhost/",
        "http://szentendre.parvis.localhost:8000/start",
        "szentendre.parvis.localhost.",
    ],
)
def test_a_whole_address_may_be_typed(typed):
    assert names.clean(typed, BASE) == "szentendre"


@given(st.text(max_size=100), st.sampled_from(["en", "fr", "hu", "es", "xx"]))
def test_every_alternative_is_another_usable_address(wanted, language):
    found = names.alternatives(wanted, language)
    assert all(names.problem(slug) is None for slug in found)
    assert wanted not in found
    assert len(found) == len(set(found))


def test_alternatives_speak_the_language_of_the_city():
    assert names.alternatives("paris", "fr")[:2] == ["paris-ville", "paris-mairie"]
    assert names.alternatives("eger", "hu")[0] == "eger-varos"


def test_a_long_name_leaves_room_for_the_ending():
    found = names.alternatives("a" * 64, "es")
    assert found[0] == "a" * 40
    assert found[1] == "a" * 33 + "-ciudad"


def test_a_name_too_short_to_be_an_address_gets_longer_ones():
    assert names.alternatives("y", "fr")[0] == "y-ville"
