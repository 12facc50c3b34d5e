import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.money import format_money, from_major, minor_digits, parse_money, to_major


@pytest.mark.parametrize(
    ("minor", "currency", "language", "text"),
    [
        (1_200_000_000, "HUF", "hu", "12 000 000 Ft"),
        (5_000_000_00, "EUR", "fr", "5 000 000 €"),
        (12_50, "EUR", "fr", "12,50 €"),
        (12_50, "EUR", "en", "€12.50"),
        (120_000_00, "USD", "es", "120.000 US$"),
        (1_200_000_000, "HUF", "en", "HUF 12,000,000"),
        (500, "JPY", "en", "¥500"),
    ],
)
def test_amounts_read_as_in_the_readers_language(minor, currency, language, text):
    assert _plain(format_money(minor, currency, language)) == text


@pytest.mark.parametrize(
    ("typed", "language", "minor"),
    [
        ("12 000 000", "hu", 12_000_000_00),
        ("1 234,50", "fr", 1234_50),
        ("1,234.50", "en", 1234_50),
        ("0", "en", 0),
    ],
)
def test_amounts_are_read_as_they_are_typed(typed, language, minor):
    assert parse_money(typed, "EUR", language) == minor


@pytest.mark.parametrize("typed", ["", " ", "abc", "-1", "1.234", "NaN", "Infinity", "9" * 40, "12€", "1,5"])
def test_what_is_no_amount_is_refused(typed):
    with pytest.raises(ValueError):
        parse_money(typed, "EUR", "en")


@given(st.integers(0, 10**12), st.sampled_from(["EUR", "HUF", "JPY", "USD"]))
def test_whole_and_minor_units_belong_together(minor, currency):
    assert from_major(to_major(minor, currency), currency) == minor
    assert minor_digits(currency) in (0, 2)


def _plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")
