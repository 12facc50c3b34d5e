"""What a list says about a person and what she types, brought to one form; plain functions.

Lists write JOSÉ-MARIA and 03/02/1984 where people type José Maria and 1984-02-03.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping
from datetime import date
from enum import StrEnum


class Field(StrEnum):
    """Something that a list says and a person can type."""

    NUMBER = "number"
    """Her number on the list, as on a voter's card."""
    FAMILY_NAME = "family_name"
    GIVEN_NAME = "given_name"
    BIRTH_DATE = "birth_date"
    POSTCODE = "postcode"


class Unreadable(ValueError):
    """A value that cannot be brought to one form; `field` says which."""

    def __init__(self, field: Field) -> None:
        super().__init__(field.value)
        self.field = field


# Letters that are no letter with an accent.
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i"}
)
_ISO = re.compile(r"(\d{4})[-./ ]{1,2}(\d{1,2})[-./ ]{1,2}(\d{1,2})\.?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_LOCAL = re.compile(r"(\d{1,2})[-./ ]{1,2}(\d{1,2})[-./ ]{1,2}(\d{4})")


def identifies(fields: Collection[Field]) -> bool:
    """Tell whether these fields tell people apart and cannot be guessed by counting.

    A number alone can: on a list of millions every tenth number is somebody's.
    """
    named = {Field.FAMILY_NAME, Field.BIRTH_DATE} <= set(fields) and len(set(fields)) >= 3
    return named or (Field.NUMBER in fields and len(set(fields)) >= 2)


def normal(values: Mapping[Field, str], *, month_first: bool = False) -> list[str]:
    """Return the values of the fields in a fixed order; raises Unreadable for the first that cannot be read."""
    return [_normal(field, values[field], month_first) for field in Field if field in values]


def day(text: str, *, month_first: bool = False) -> date | None:
    """Return a date written in one of the usual ways; None for what is none."""
    text = text.strip()
    if found := _ISO.fullmatch(text) or _COMPACT.fullmatch(text):
        year, month, number = (int(part) for part in found.groups())
    elif found := _LOCAL.fullmatch(text):
        first, second, year = (int(part) for part in found.groups())
        month, number = (first, second) if month_first else (second, first)
    else:
        return None
    try:
        return date(year, month, number)
    except ValueError:
        return None


def _normal(field: Field, text: str, month_first: bool) -> str:
    if field is Field.BIRTH_DATE:
        born = day(text, month_first=month_first)
        found = born.isoformat() if born else ""
    elif field is Field.GIVEN_NAME:
        # Lists have all given names, people type the one they use, which is nearly always the first.
        first = re.split(r"[\s,;]+", text.strip(), maxsplit=1)[0]
        found = _letters(first)
    elif field is Field.FAMILY_NAME:
        found = _letters(text)
    else:
        found = "".join(c for c in unicodedata.normalize("NFKC", text).upper() if c.isalnum())
        found = found.lstrip("0") if field is Field.NUMBER else found
    if not found:
        raise Unreadable(field)
    return found


def _letters(text: str) -> str:
    plain = text.casefold().translate(_LETTERS)
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain)
    return "".join(c for c in plain if c.isalpha())
