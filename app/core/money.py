"""Money: whole minor units (ISO 4217) inside, the reader's own notation outside."""

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from babel import Locale
from babel.numbers import format_currency, get_currency_precision, parse_decimal

# Babel follows CLDR, where the forint has no decimals in use; ISO 4217, and so the stored unit, has two.
_ISO_DIGITS = {"HUF": 2}
# CLDR's currency spacing: letters and digits do not touch, as in "HUF 12".
_LETTER_THEN_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)")


def minor_digits(currency: str) -> int:
    """Return how many decimals the currency's minor unit has: 2 for EUR, 0 for JPY."""
    return _ISO_DIGITS.get(currency, get_currency_precision(currency))


def from_major(amount: Decimal | int, currency: str) -> int:
    """Return minor units; raises ValueError when the amount is finer than the currency's minor unit."""
    minor = Decimal(amount) * 10 ** minor_digits(currency)
    if minor != minor.to_integral_value():
        raise ValueError(f"finer than a minor unit of {currency}")
    return int(minor)


def to_major(minor: int, currency: str) -> Decimal:
    """Return the amount in whole units, exactly."""
    return Decimal(minor) / Decimal(10 ** minor_digits(currency))


@lru_cache(4000)
def format_money(minor: int, currency: str, language: str) -> str:
    """Return the amount as readers of `language` write it; decimals only when there are some."""
    amount = to_major(minor, currency)
    whole = amount == amount.to_integral_value()
    pattern_digits = 0 if whole else minor_digits(currency)
    text = format_currency(
        round(amount, pattern_digits),
        currency,
        locale=language,
        currency_digits=not whole,
        format=None if not whole else _whole_pattern(language),
    )
    return _LETTER_THEN_DIGIT.sub("\u00a0", text)


def _whole_pattern(language: str) -> str:
    pattern = Locale.parse(language).currency_formats["standard"].pattern
    return str(pattern).replace("0.00", "0")


def parse_money(text: str, currency: str, language: str) -> int:
    """Return minor units of what a person typed; raises ValueError on anything but a plain amount."""
    plain = text.strip().replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
    try:
        amount = parse_decimal(plain, locale=language, strict=True) if plain else None
    except (ValueError, InvalidOperation) as error:
        raise ValueError(text) from error
    if amount is None or not amount.is_finite() or amount < 0 or amount >= 10**14:
        raise ValueError(text)
    return from_major(amount, currency)
