"""What an amount says by its shape alone, whatever the language: 120.000 is a hundred and twenty thousand.

Languages write the same digits in different ways, and staff type amounts as they are used to. Where the
language of the page reads another amount than the shape shows, nobody can tell which was meant.
"""

import re
from decimal import Decimal

_SPACES = dict.fromkeys(map(ord, " \u00a0\u202f\u2009'’"))
_WHOLE = re.compile(r"[0-9]+")
_GROUPS = re.compile(r"[0-9]{1,3}(?:([.,])[0-9]{3})(?:\1[0-9]{3})*")
_DECIMALS = re.compile(r"[0-9]+[.,][0-9]{1,2}")
_BOTH = re.compile(r"[0-9]{1,3}(?:(?P<group>[.,])[0-9]{3})+(?!(?P=group))[.,][0-9]{1,3}")
_CURRENCY = re.compile(r"^[^0-9.,+-]+|[^0-9.,]+$")


def bare(text: str) -> str:
    """Return a typed amount without spaces and without the currency around it."""
    return _CURRENCY.sub("", text.translate(_SPACES))


def by_shape(text: str, *, decimals: int) -> Decimal | None:
    """Return the amount that a bare text shows, None when its shape says nothing sure.

    `decimals` is how many the currency has; with three of them a single group could be those.
    """
    if _WHOLE.fullmatch(text):
        return Decimal(text)
    if _GROUPS.fullmatch(text) and (decimals < 3 or len(re.findall(r"[.,]", text)) > 1):
        return Decimal(re.sub(r"[.,]", "", text))
    if _DECIMALS.fullmatch(text):
        return Decimal(text.replace(",", "."))
    if _BOTH.fullmatch(text):
        units, cents = re.split(r"[.,](?=[0-9]+$)", text)
        return Decimal(re.sub(r"[.,]", "", units) + "." + cents)
    return None
