"""Single text messages that a part of the product writes itself, such as codes."""

from uuid import UUID

import phonenumbers
from babel.core import get_global

from app.core.context import current_city
from app.notify import phones
from app.services.city_sms import door_of
from app.services.sms import Sms


def mobile_number(typed: str) -> str:
    """Return a number as E.164; raises Invalid for what is no mobile number."""
    return phones.clean_number(typed, current_city())


def is_of_the_country(number: str) -> bool:
    """Tell whether a number is one of the city's own country; messages to others can cost very much."""
    region = get_global("zone_territories").get(current_city().time_zone)
    return region is None or phonenumbers.parse(number).country_code == phonenumbers.country_code_for_region(
        region
    )


def phone_of(account_id: UUID) -> str | None:
    """Return the number that an account has confirmed."""
    phone = phones.of(account_id)
    return phone.number if phone is not None and phone.confirmed_at is not None else None


def offers_sms() -> bool:
    """Tell whether the city has a provider of text messages."""
    return door_of(current_city()) is not None


def send_sms(number: str, text: str, ident: str) -> None:
    """Hand one message over, within a task; `ident` is the same each time it is tried. Raises OSError."""
    door = door_of(current_city())
    if door is None:
        raise OSError("the city has no provider of text messages any more")
    door.send(Sms(number, f"{current_city().name}: {text}", ident))
