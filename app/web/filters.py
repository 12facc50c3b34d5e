"""How numbers, money, dates and texts are written for the reader."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from babel.dates import format_date, format_time, get_datetime_format
from babel.numbers import format_decimal, format_percent
from flask import Flask
from markupsafe import Markup, escape

from app.core.clock import local
from app.core.context import city_or_none
from app.core.i18n import language, reading_order
from app.core.money import format_money
from app.core.text import Picked, pick
from app.web.markdown import markdown


def money(minor: int, currency: str | None = None) -> str:
    """Return an amount of minor units in the city's currency."""
    city = city_or_none()
    return format_money(minor, currency or (city.currency if city else "EUR"), language())


def number(value: float) -> str:
    """Return a number with the reader's separators."""
    return format_decimal(value, locale=language())


def percent(share: float) -> str:
    """Return a share (1 is all of it) in per cent."""
    return format_percent(share, locale=language())


def long_date(value: date | datetime) -> str:
    """Return a date in words with its weekday."""
    day = local(value).date() if isinstance(value, datetime) else value
    return format_date(day, "full", locale=language())


def medium_date(value: date | datetime) -> str:
    """Return a date in words without its weekday."""
    day = local(value).date() if isinstance(value, datetime) else value
    return format_date(day, "long", locale=language())


def date_and_time(value: datetime) -> str:
    """Return an instant as the city's clocks show it."""
    pattern = str(get_datetime_format("medium", locale=language())).replace("'", "")
    return pattern.format(time_of_day(value), medium_date(value))


def time_of_day(value: datetime) -> str:
    """Return the time of an instant as the city's clocks show it."""
    return format_time(local(value).time(), "short", locale=language())


def last_day(end: datetime) -> date | None:
    """Return the last whole day before an end at midnight, which readers would take for the day after; else None."""
    at = local(end)
    return None if at.time() != time() else at.date() - timedelta(days=1)


def picked(text: Mapping[str, str]) -> Picked:
    """Return a text in the reader's language, or in another that it has."""
    return pick(text, reading_order())


def paragraphs(text: str) -> Markup:
    """Return plain text as paragraphs; nothing in it is markup."""
    blocks = [block.strip() for block in text.replace("\r\n", "\n").split("\n\n")]
    return Markup("").join(Markup("<p>{}</p>").format(_lines(block)) for block in blocks if block)


def _lines(block: str) -> Markup:
    return Markup("<br>").join(escape(line) for line in block.split("\n"))


def install(app: Flask) -> None:
    """Make the filters known to templates."""
    app.jinja_env.filters.update(
        money=money,
        number=number,
        percent=percent,
        date=long_date,
        day=medium_date,
        datetime=date_and_time,
        time=time_of_day,
        last_day=last_day,
        picked=picked,
        paragraphs=paragraphs,
        markdown=markdown,
        isoformat=lambda value: value.isoformat(),
    )
    app.jinja_env.globals["pick"] = picked
