"""What is around a mail: where it goes back to when it cannot be delivered, and what a refusal says of an address."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from flask import current_app

from app.core.context import current_city
from app.notify.bounces import return_address
from app.notify.refused import came_back
from app.services.city_mail import Way
from app.services.refusals import Refused


def way_back(way: Way, mail_id: UUID) -> str:
    """Return where a mail goes that cannot be delivered; empty for its sender, whose server says so to the city."""
    base = str(current_app.config["PARVIS"].mail_bounces)
    return return_address(base, current_city().id, mail_id) if base and not way.own else ""


@contextmanager
def noting_refusals(address: str) -> Iterator[None]:
    """Remember an address that a server refuses for good; the refusal goes on to the caller."""
    try:
        yield
    except Refused as error:
        if error.for_good:
            came_back(address, str(error.code))
        raise
