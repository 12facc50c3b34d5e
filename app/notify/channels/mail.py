"""Mail as a way to people: each message can be stopped with one click, and is known by the same name at every try."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from flask_babel import lazy_gettext as _l

from app.core.context import current_city
from app.notify.channels import Delivery, Hand, Recipient, register
from app.notify.envelopes import noting_refusals, way_back
from app.notify.mail import NOWHERE
from app.notify.refused import is_refused
from app.notify.rules import Rhythm
from app.services.city_mail import Way, way_of
from app.services.mail import Mail, Send


class MailChannel:
    """Hands messages to the city's mail server, several through one connection."""

    name = "mail"
    label = _l("Mail")
    rhythms: Sequence[Rhythm] = (Rhythm.AT_ONCE, Rhythm.DAILY, Rhythm.WEEKLY)

    def offered(self) -> bool:
        """Every city has it."""
        return True

    def address(self, recipient: Recipient) -> str | None:
        """Return the address of the account, unless mails to it keep coming back."""
        return None if is_refused(recipient.email) else recipient.email

    @contextmanager
    def session(self) -> Iterator[Hand]:
        """Open the door of the city being served."""
        way = way_of(current_city())
        with way.door.session() as send:
            yield lambda delivery: _send(send, way, delivery)


def _send(send: Send, way: Way, delivery: Delivery) -> None:
    if delivery.address.endswith(NOWHERE):
        return
    stops = {
        "List-Unsubscribe": f"<{delivery.unsubscribe_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    mail = Mail(
        recipient=delivery.address,
        sender_name=way.sender_name,
        sender=way.sender,
        subject=delivery.title,
        text=delivery.text(),
        html=delivery.html(),
        language=delivery.recipient.language,
        ident=delivery.id.hex,
        reply_to=way.reply_to,
        returns_to=way_back(way, delivery.id),
        headers=stops if delivery.unsubscribe_url else {},
    )
    with noting_refusals(delivery.address):
        send(mail)


register(MailChannel())
