"""What an amount says by its shape alone."""

from decimal import Decimal

import pytest

from modules.participatory_budget.rules.amounts import bare, by_shape

SURE = {
    "120000": "120000",
    "120.000": "120000",
    "120,000": "120000",
    "1.200.000": "1200000",
    "1,200,000": "1200000",
    "1,5": "1.5",
    "1500.50": "1500.50",
    "1.234,50": "1234.50",
    "1,234.5": "1234.5",
}


@pytest.mark.parametrize("text", SURE)
def test_points_and_commas_say_what_they_are_by_their_place(text):
    assert by_shape(text, decimals=2) == Decimal(SURE[text])


@pytest.mark.parametrize("text", ["1.2.3", "1,23,4", "12.3456", "1.234.56", "", "-5", "1.234,567,8"])
def test_a_shape_that_says_nothing_sure_says_nothing(text):
    assert by_shape(text, decimals=2) is None


def test_three_decimals_make_a_single_group_unsure():
    assert by_shape("1.200", decimals=3) is None
    assert by_shape("1.200.000", decimals=3) == 1_200_000


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("12 000 €", "12000"),
        ("€12,000", "12,000"),
        ("1 000 000 Ft", "1000000"),
        ("1\u202f000,50\u00a0€", "1000,50"),
        ("-5", "-5"),
        ("about", ""),
    ],
)
def test_spaces_and_the_currency_are_left_out(text, left):
    assert bare(text) == left
