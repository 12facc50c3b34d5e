"""Numbers, money and dates as they are written in a `.pb` file."""

import re
from datetime import date
from decimal import Decimal

from .errors import PbCode
from .rows import Row

_WHOLE = re.compile(r"[0-9]{1,18}")
_MONEY = re.compile(r"(-?)([0-9]{1,15})(?:[.,]([0-9]{1,30}))?")
_POINTS = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,9})?")
_DATE = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_YEAR = re.compile(r"[0-9]{4}")


def whole_number(row: Row, index: int) -> int:
    """Return a number of things."""
    text = row.fields[index]
    if not _WHOLE.fullmatch(text):
        raise row.error(index, PbCode.NOT_A_NUMBER, text=text)
    return int(text)


def optional_number(row: Row, index: int | None) -> int | None:
    """Return a number of things, or nothing from an empty field or a column that is not there."""
    return whole_number(row, index) if index is not None and row.fields[index] else None


def money(row: Row, index: int, minor_digits: int) -> int:
    """Return an amount in minor units; decimals beyond them may only be zeros."""
    text = row.fields[index]
    found = _MONEY.fullmatch(text)
    if found is None:
        raise row.error(index, PbCode.NOT_A_NUMBER, text=text)
    sign, units, decimals = found[1], found[2], (found[3] or "").rstrip("0")
    if sign:
        raise row.error(index, PbCode.NEGATIVE_COST, text=text)
    if len(decimals) > minor_digits:
        raise row.error(index, PbCode.TOO_PRECISE, text=text, digits=minor_digits)
    return int(units + decimals.ljust(minor_digits, "0"))


def money_text(minor: int, minor_digits: int) -> str:
    """Return an amount as it is written: whole units, and decimals only where there are any."""
    units, rest = divmod(minor, 10**minor_digits)
    return f"{units}.{rest:0{minor_digits}}" if rest else str(units)


def points(row: Row, index: int) -> tuple[Decimal, ...]:
    """Return the points of a ballot, one amount for each project it names."""
    texts = [text.strip() for text in row.fields[index].split(",")] if row.fields[index] else []
    for text in texts:
        if not _POINTS.fullmatch(text):
            raise row.error(index, PbCode.NOT_A_NUMBER, text=text)
    return tuple(Decimal(text) for text in texts)


def day(row: Row, index: int, *, last: bool = False) -> date:
    """Return a date; where only a year is given, its first or last day."""
    text = row.fields[index]
    if _YEAR.fullmatch(text) and int(text):
        return date(int(text), 12, 31) if last else date(int(text), 1, 1)
    try:
        if found := _DATE.fullmatch(text):
            return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        pass
    raise row.error(index, PbCode.NOT_A_DATE, text=text)


def day_text(value: date) -> str:
    """Return a date as it is written."""
    return f"{value:%d.%m.}{value.year:04}"
