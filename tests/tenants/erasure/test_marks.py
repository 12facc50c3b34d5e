import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from tenants import schema
from tenants.erasure import certificate
from tenants.erasure.marks import Marks

MINE = Marks("kq3x7m2abc", ("paris",), ("paris.parvis.example", "www.ville.example"))
NAMING = (
    "kq3x7m2abc",
    "c_kq3x7m2abc",
    "c_kq3x7m2abc_before",
    '{"city": "c_kq3x7m2abc"}',
    "parvis:limits:LIMITER/kq3x7m2abc/password/10",
    ".kq3x7m2abc-secret.zip",
    "https://paris.parvis.example:8000/news/",
    "clerk@paris.parvis.example",
    "See paris.parvis.example.",
    "(x,www.ville.example,t)",
)
OTHERS = (
    "",
    "paris",
    "xkq3x7m2abc",
    "kq3x7m2abcd",
    "c_kq3x7m2ab",
    "notparis.parvis.example",
    "the-paris.parvis.example",
    "old.paris.parvis.example",
    "paris.parvis.example.org",
    "paris.parvis.example-two",
    "parisXparvis.example",
)


@pytest.mark.parametrize("words", NAMING)
def test_what_names_the_city_is_found(words):
    assert MINE.stand_in(words)


@pytest.mark.parametrize("words", OTHERS)
def test_what_is_like_it_is_somebody_elses(words):
    assert not MINE.stand_in(words)


def test_postgresql_finds_the_same(app):
    every = (*NAMING, *OTHERS, "paris.parvis.example", "\n", "é")
    for marks in (MINE, Marks(MINE.city_id)):
        with app.app_context(), schema.owner_transaction() as owner:
            found = [
                owner.scalar(text("SELECT :w ~ :p"), {"w": words, "p": marks.pattern}) for words in every
            ]
        assert found == [marks.stand_in(words) for words in every]


def test_without_hosts_there_is_only_the_id():
    assert Marks("kq3x7m2abc").stand_in("c_kq3x7m2abc")
    assert not Marks("kq3x7m2abc").stand_in("a^ paris.parvis.example")


@given(st.text(alphabet="abcdefghijkmnpqrstuvwxyz23456789", min_size=10, max_size=10))
def test_no_city_is_taken_for_another(other):
    assert MINE.stand_in(f"c_{other}") == (other == MINE.city_id)


@given(st.dictionaries(st.text(min_size=1), st.integers() | st.text() | st.none(), min_size=1), st.data())
def test_a_certificate_is_genuine_until_somebody_changes_it(whole_app, content, data):
    with whole_app.app_context():
        signed = certificate.sign(content)
        assert certificate.is_genuine(signed)
        key = data.draw(st.sampled_from(sorted(content)))
        assert not certificate.is_genuine({**signed, "content": {**content, key: [content[key]]}})
        assert not certificate.is_genuine({**signed, "sha256": "0" * 64})
        assert not certificate.is_genuine({"content": content})
        assert not certificate.is_genuine({**signed, "hmac_sha256": "é"})
