"""Text messages: one line and a link, to numbers that were confirmed."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from flask_babel import lazy_gettext as _l

from app.core.context import current_city
from app.notify import phones
from app.notify.channels import Delivery, Hand, Recipient, register
from app.notify.rules import Rhythm
from app.services.city_sms import door_of
from app.services.sms import LONGEST, Sms


class SmsChannel:
    """The way to telephones."""

    name = "sms"
    label = _l("Text message")
    rhythms: Sequence[Rhythm] = (Rhythm.AT_ONCE,)

    def offered(self) -> bool:
        """Tell whether the city has a provider."""
        return door_of(current_city()) is not None

    def address(self, recipient: Recipient) -> str | None:
        """Return the number, once it is confirmed."""
        phone = phones.of(recipient.account_id)
        return phone.number if phone and phone.confirmed_at else None

    @contextmanager
    def session(self) -> Iterator[Hand]:
        """Find the provider once for several messages."""
        door = door_of(current_city())
        if door is None:
            raise OSError("the city has no provider of text messages any more")
        city = current_city().name
        yield lambda delivery: door.send(Sms(delivery.address, words(city, delivery), str(delivery.id)))


def words(city: str, delivery: Delivery) -> str:
    """Return what the message says; a long title gives way to the link."""
    room = LONGEST - len(city) - len(delivery.link) - 3
    title = delivery.title if len(delivery.title) <= room else delivery.title[: room - 1] + "…"
    return " ".join(part for part in (f"{city}: {title}", delivery.link) if part)


register(SmsChannel())
