import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.guessing import is_guessable

ABOUT_HER = ("claire@paris.example", "Claire Marchand", "Paris")
WEAK = [
    "password1234",
    "P@ssw0rd2024!",
    "qwertyuiop",
    "azertyuiop123",
    "aaaaaaaaaaaa",
    "1212121212",
    "1234567890",
    "9876543210",
    "ParisParis75",
    "claire.paris1",
    "Marchand1987!",
    "Motdepasse1!",
    "jelszo12345",
    "Contraseña123",
    "iloveyou2020",
    "szeretlek99",
    "1q2w3e4r5t",
    "summer2026paris!",
]
STRONG = [
    "correct horse battery staple",
    "kX9#mQ2vLp",
    "le chat dort sur le toit",
    "nagymama kertje tele",
    "Tour-Eiffel-1889",
    "blue-tulip-42-canal",
    "мой дядя самых",
]


@pytest.mark.parametrize("password", WEAK)
def test_what_guessers_try_first_is_refused(password):
    assert is_guessable(password, ABOUT_HER)


@pytest.mark.parametrize("password", STRONG)
def test_what_takes_them_long_is_taken(password):
    assert not is_guessable(password, ABOUT_HER)


@given(st.text(max_size=256))
def test_any_text_gets_an_answer(password):
    assert is_guessable(password, ABOUT_HER) in (True, False)


def test_sign_up_says_what_is_wrong_with_a_password(visitor, run_tasks):
    def page(password):
        data = {"name": "Otto", "email": "otto@example.org", "password": password}
        return visitor.post("/sign-up", data=data, headers={"Accept-Language": "en"})

    assert "Use at least 10 characters." in page("short").text
    assert "easy to guess" in page("otto-paris-2026").text
    assert page("x7" * 200).status_code == 422
    assert run_tasks() == []
