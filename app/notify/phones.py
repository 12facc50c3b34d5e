"""Telephone numbers that people give and confirm with a code."""

from datetime import datetime, timedelta
from hmac import compare_digest
from uuid import UUID

import phonenumbers
from babel.core import get_global
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.context import City, current_city
from app.core.db import CityModel, db
from app.core.errors import Conflict, Invalid
from app.core.exporting import Personal, personal
from app.core.i18n import gettext as _
from app.core.ids import keyed_hash
from app.core.jobs import enqueue, task
from app.services.city_sms import door_of
from app.services.sms import Sms

CODE_LIFETIME = timedelta(minutes=10)
_DIGITS = 6


class Phone(CityModel):
    """The number of one account; only a confirmed one is used."""

    __tablename__ = "phone"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[str] = mapped_column(String(16), info=personal(Personal.WORDS))
    """International (E.164), as +33612345678."""
    asked_at: Mapped[datetime]
    """When the last code was made; the code itself is in no table."""
    confirmed_at: Mapped[datetime | None]


def clean_number(typed: str, city: City) -> str:
    """Return a number as E.164, read as people of the city write it; raises Invalid for what is no mobile number."""
    try:
        number = phonenumbers.parse(typed, get_global("zone_territories").get(city.time_zone))
    except phonenumbers.NumberParseException as error:
        raise Invalid(_("Enter a telephone number with its country, like +33 6 12 34 56 78.")) from error
    if not phonenumbers.is_valid_number(number):
        raise Invalid(_("There is no such telephone number. Check the digits."))
    if phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.FIXED_LINE:
        raise Invalid(_("Enter the number of a mobile telephone: this one gets no text messages."))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def ask(account_id: UUID, typed: str) -> Phone:
    """Keep a number and send a code there; a number that was confirmed before no longer counts."""
    city = current_city()
    if door_of(city) is None:
        raise Conflict(_("This city sends no text messages."))
    number = clean_number(typed, city)
    phone = db.session.get(Phone, account_id) or Phone(account_id=account_id)
    phone.number, phone.asked_at, phone.confirmed_at = number, now(), None
    db.session.add(phone)
    enqueue("notify.send_phone_code", account_id=str(account_id))
    return phone


def confirm(account_id: UUID, typed: str) -> None:
    """Take the number as hers who typed its code; raises Invalid. Callers limit how often it is tried."""
    phone = db.session.get(Phone, account_id, with_for_update=True)
    if phone is None or phone.asked_at + CODE_LIFETIME < now():
        raise Invalid(_("This code is no longer good. Ask for a new one."))
    digits = "".join(c for c in typed if c.isdigit())
    if not compare_digest(digits.encode(), _code(phone).encode()):
        raise Invalid(_("This is not the code that was sent. Look at the last message."))
    phone.confirmed_at = now()


def remove(account_id: UUID) -> None:
    """Forget the number."""
    phone = db.session.get(Phone, account_id)
    if phone is not None:
        db.session.delete(phone)


def of(account_id: UUID) -> Phone | None:
    """Return the number that an account has given, confirmed or not."""
    return db.session.get(Phone, account_id)


@task("notify.send_phone_code")
def send_code(account_id: str) -> None:
    """Send the code that was asked for last, while it is good."""
    phone, door = db.session.get(Phone, UUID(account_id)), door_of(current_city())
    if phone is None or door is None or phone.confirmed_at or phone.asked_at + CODE_LIFETIME < now():
        return
    words = _("%(city)s: your code is %(code)s", city=current_city().name, code=_code(phone))
    door.send(Sms(phone.number, words, f"{phone.account_id}-{int(phone.asked_at.timestamp())}"))


def _code(phone: Phone) -> str:
    parts = (phone.account_id.bytes, phone.number.encode(), phone.asked_at.isoformat().encode())
    drawn = int.from_bytes(keyed_hash("telephone code", *parts)[:8], "big")
    return f"{drawn % 10**_DIGITS:0{_DIGITS}}"
