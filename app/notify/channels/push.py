"""Messages to browsers: a title and a link, encrypted for each browser of a person."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import urlsplit

from flask_babel import lazy_gettext as _l

from app.core.context import current_city
from app.core.db import db
from app.notify import browsers
from app.notify.channels import Delivery, Hand, Recipient, register
from app.notify.rules import Rhythm
from app.services.city_push import signer_of
from app.services.push import Signer, push
from app.services.refusals import Refused

LONGEST_TITLE = 300


class PushChannel:
    """The way to browsers."""

    name = "push"
    label = _l("Notice in the browser")
    rhythms: Sequence[Rhythm] = (Rhythm.AT_ONCE,)

    def offered(self) -> bool:
        """Tell whether the city has switched it on."""
        return signer_of(current_city()) is not None

    def address(self, recipient: Recipient) -> str | None:
        """Return the first of a person's browsers; a message goes to all of them."""
        found = browsers.of(recipient.account_id)
        return str(found[0].id) if found else None

    @contextmanager
    def session(self) -> Iterator[Hand]:
        """Unseal the city's key once for several messages."""
        signer = signer_of(current_city())
        if signer is None:
            raise OSError("the city sends no messages to browsers any more")
        yield lambda delivery: _hand_over(signer, delivery)


def _hand_over(signer: Signer, delivery: Delivery) -> None:
    """Reach at least one browser; those that are gone for good are forgotten."""
    place = urlsplit(delivery.link)
    message = {
        "title": current_city().name,
        "body": delivery.title[:LONGEST_TITLE],
        "url": place.path + (f"?{place.query}" if place.query else ""),
        "tag": str(delivery.id),
    }
    reached, late, trouble = 0, False, "no browser is left"
    for browser in browsers.of(delivery.recipient.account_id):
        try:
            push(browser.keys, signer, message)
            reached += 1
        except Refused as error:
            trouble = str(error)
            if error.for_good:
                db.session.delete(browser)
            late = late or not error.for_good
        except OSError as error:
            trouble, late = str(error), True
    if not reached:
        raise Refused(410, trouble, for_good=not late)


register(PushChannel())
