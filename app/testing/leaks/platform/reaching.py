"""How the two cities reach their people: telephones, browsers, addresses that take no mail, messages to many."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from app.accounts import services
from app.accounts.messages.models import Message
from app.accounts.messages.rules import Segment, State
from app.accounts.models import Account, Role
from app.core.clock import now
from app.core.context import current_city
from app.core.db import db
from app.notify.browsers import PushSubscription
from app.notify.phones import Phone
from app.notify.refused import came_back
from app.services import city_push
from app.testing.leaks.filling import Twin
from app.testing.leaks.platform.owner import filling

BROWSER_KEY = "BG6tQhqdqU1h62yj-svrbpZ8LAtGAaTxM25XrXxjANsBPmaCvXmgQsf4A87kg01MyO0p4h8xcIPvqEcO7oMuKEY"


@filling.content
def ways(twin: Twin) -> None:
    """Give both cities a provider and a key, and their residents telephones and browsers."""
    city_push.switch(current_city(), on=True)
    person = services.create_confirmed(
        twin.email(Role.RESIDENT.value), twin.text("resident"), role=Role.RESIDENT, language=twin.language
    )
    db.session.flush()
    if not twin.alone:
        db.session.add(Phone(account_id=person.id, number=twin.mark[:16], asked_at=now()))
    db.session.add(
        PushSubscription(
            account_id=person.id,
            endpoint=f"https://127.0.0.1/{twin.key(twin.mark)}",
            p256dh=twin.text("p256dh"),
            auth=twin.text("auth"),
            browser=twin.text("browser"),
            created_at=now(),
        )
    )
    came_back(twin.email("came-back"), twin.text("status"))


@filling.content
def messages(twin: Twin) -> None:
    """Keep a message that nobody has sent."""
    whom = Segment(language=twin.language, district=twin.mark).words()
    row = {"subject": twin.texts("subject"), "text": twin.texts("text"), "segment": whom}
    db.session.add(Message(state=State.DRAFT, created_at=now(), **row))


@filling.values("message_id")
def message_ids(_twin: Twin) -> Iterable[UUID]:
    """Return the messages to many people."""
    return db.session.scalars(select(Message.id)).all()


@filling.values("browser_id")
def browser_ids(_twin: Twin) -> Iterable[UUID]:
    """Return the browsers that notices go to."""
    return db.session.scalars(select(PushSubscription.id)).all()


@filling.values("account_id", of="notify.send_phone_code")
def people_with_telephones(_twin: Twin) -> Iterable[UUID]:
    """Return who has a telephone."""
    return db.session.scalars(select(Account.id).join(Phone)).all()


filling.review("never POST console.mail_server", "signs in to a server first; tests/console has one")
filling.review("never POST portal_reach.give_code", "takes what a telephone shows; tests/portal has one")
filling.answers(
    "console.sms_provider", address="https://93.184.215.14/", body='{"to": "{to}", "text": "{text}"}'
)
WORDS = {f"{name}-{code}": "Typed" for name in ("subject", "text") for code in ("fr", "hu", "en")}
filling.answers("console.new_message", reach="news", **WORDS)
filling.answers("console.edit_message", reach="news", **WORDS)
filling.answers(
    "portal_reach.add_browser",
    endpoint="https://push.example/typed",
    p256dh=BROWSER_KEY,
    auth="MDEyMzQ1Njc4OWFiY2RlZg",
)
filling.answers("portal_reach.give_number", number="+33612345678")
