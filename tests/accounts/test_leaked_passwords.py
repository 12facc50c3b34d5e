import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts import leaked, passwords
from app.core.errors import Invalid
from devstack import common_passwords

LEAKED = [
    "123456",
    "password",
    "sunshine",
    "iloveyou",
    "qwertyuiop",
    "1q2w3e4r5t",
    "basketball",
    "tinkerbell",
]


@pytest.mark.parametrize("password", LEAKED)
def test_passwords_that_are_tried_first_are_known_in_any_capitals(password):
    assert leaked.is_leaked(password)
    assert leaked.is_leaked(password.upper())


def test_the_list_is_long_sorted_and_without_doubles():
    raw = leaked.FILE.read_bytes()
    marks = [raw[i : i + leaked.SIZE] for i in range(0, len(raw), leaked.SIZE)]
    assert leaked.number() == len(marks) >= 50_000
    assert marks == sorted(set(marks))


@pytest.mark.parametrize(
    "password", ["quiet lantern 52 sea", "tulip-canal-7 brass", "Brouette-17-mauve-lanterne", ""]
)
def test_words_that_only_one_person_puts_together_are_not_in_it(password):
    assert not leaked.is_leaked(password)


@given(
    st.text(st.characters(codec="utf-8"), min_size=10, max_size=40).filter(lambda text: not text.isascii())
)
def test_any_text_can_be_looked_up(text):
    assert leaked.is_leaked(text) is False


def test_a_leaked_password_is_refused_in_words_that_say_why(app):
    # Long enough, and no rule about words and rows of keys knows it.
    word = next(w for w in ("tinkerbell", "charliebrown", "dimazarya1") if leaked.is_leaked(w))
    with app.test_request_context(), pytest.raises(Invalid, match="leak"):
        passwords.check_strength(word)


def test_the_list_is_built_from_files_of_either_kind(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps(["Alpha", "beta"]))
    (tmp_path / "b.txt").write_text("beta\ngamma\n")
    built = common_passwords.build(sorted(tmp_path.iterdir()))
    marks = {built[i : i + leaked.SIZE] for i in range(0, len(built), leaked.SIZE)}
    assert marks == {leaked.mark(word) for word in ("alpha", "BETA", "gamma")}
