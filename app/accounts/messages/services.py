"""Writing, releasing and sending messages to very many people."""

import hashlib
import json
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.accounts.messages import holding
from app.accounts.messages.audience import number, segment
from app.accounts.messages.models import Message
from app.accounts.messages.rules import ALONE_UP_TO, Reach, Segment, State, may_release, needs_second
from app.core.audit import audit
from app.core.clock import now
from app.core.db import db
from app.core.errors import Conflict, Forbidden, NotFound
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.settings import PLATFORM, store, stored
from app.core.text import Localized
from app.notify.kinds import declare
from app.notify.telling import notify

HOLDING = holding
"""Named so that whoever sends messages has declared what is kept of it."""
_DOCUMENT = f"{PLATFORM}messages"
MOST_LISTED = 100
KINDS = {
    Reach.NEWS: declare("message", _l("Messages of the city"), topic="news"),
    Reach.DISTRICT: declare(
        "message_district", _l("Messages of the city about your district"), topic="district"
    ),
    Reach.IMPORTANT: declare(
        "message_important", _l("What the city has to tell everybody"), topic="account", required=True
    ),
}


def latest() -> list[Message]:
    """Return the newest messages."""
    return list(db.session.scalars(select(Message).order_by(Message.id.desc()).limit(MOST_LISTED)))


def get(ident: UUID, *, locked: bool = False) -> Message:
    """Return a message; raises NotFound."""
    found = db.session.get(Message, ident, with_for_update=locked, populate_existing=locked)
    if found is None:
        raise NotFound(_("There is no such message."))
    return found


def alone_up_to() -> int:
    """Return to how many people somebody may write without another."""
    return int(stored(_DOCUMENT).get("alone_up_to", ALONE_UP_TO))


def change_alone_up_to(most: int) -> None:
    """Change to how many people somebody may write without another."""
    before = alone_up_to()
    store(_DOCUMENT, {"alone_up_to": most})
    audit("messages.limit_changed", before=before, after=most)


def write(author: UUID, subject: Localized, text: Localized, whom: Segment) -> Message:
    """Keep a new message; nothing is sent."""
    message = Message(
        id=new_id(),
        state=State.DRAFT,
        subject=subject,
        text=text,
        segment=whom.words(),
        written_by=author,
        created_at=now(),
    )
    db.session.add(message)
    return message


def change(message: Message, author: UUID, subject: Localized, text: Localized, whom: Segment) -> None:
    """Change what is not sent yet; whoever was to look at it looks anew, at what `author` made of it."""
    _refuse_sent(message)
    message.subject, message.text, message.segment = subject, text, whom.words()
    message.state, message.written_by = State.DRAFT, author


def drop(message: Message) -> None:
    """Delete what is not sent yet."""
    _refuse_sent(message)
    db.session.delete(message)


def mark(message: Message) -> str:
    """Return what stands for the message as it is now: who releases it has seen this and nothing else."""
    seen = json.dumps([message.subject, message.text, message.segment], sort_keys=True)
    return hashlib.sha256(seen.encode()).hexdigest()[:16]


def try_out(message: Message, account_id: UUID) -> None:
    """Send it to one person only, now, whatever she chose."""
    notify(
        KINDS[Reach.IMPORTANT].name,
        account_id,
        f"message-trial:{new_id()}",
        title=message.subject,
        message=message.text,
    )


def ask(message: Message) -> None:
    """Ask another person to look at it."""
    _refuse_sent(message)
    message.state = State.WAITING
    audit("messages.asked", subject=f"message:{message.id}")


def send(message: Message, releaser: UUID, seen: str) -> int:
    """Let it go, and return to how many people; `message` is locked, `seen` is the mark of what the releaser read.

    Raises Conflict when it was changed or sent meanwhile, Forbidden when another person has to do it.
    """
    _refuse_sent(message)
    if mark(message) != seen:
        raise Conflict(_("Somebody has changed the message since you opened it. Read it again."))
    whom, recipients = message.whom, number(message.whom)
    writer = str(message.written_by)
    if not may_release(
        writer=writer, releaser=str(releaser), recipients=recipients, alone_up_to=alone_up_to()
    ):
        raise Forbidden(_("A message to so many people needs a second person who looks at it and sends it."))
    kind = KINDS[whom.reach].name
    whole = segment(**whom.words())
    notify(kind, whole, f"message:{message.id}", title=message.subject, message=message.text)
    message.state, message.released_by, message.sent_at = State.SENT, releaser, now()
    message.recipients = recipients
    audit("messages.sent", subject=f"message:{message.id}", recipients=recipients, **whom.words())
    return recipients


def second_is_needed(recipients: int) -> bool:
    """Tell whether one person is not enough for so many."""
    return needs_second(recipients, alone_up_to())


def _refuse_sent(message: Message) -> None:
    if message.state is State.SENT:
        raise Conflict(_("This message was sent. It cannot be changed any more."))
