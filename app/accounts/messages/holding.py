"""Who of the staff wrote and sent messages, as the data protection page tells of it."""

from collections.abc import Iterator
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select, update

from app.accounts.messages.models import Message
from app.core.db import db
from app.core.i18n import gettext as _
from app.core.people import Basis, Holding, Record, Stays, holds
from app.core.text import pick


def _collect(account_id: UUID) -> Iterator[Record]:
    mine = or_(Message.written_by == account_id, Message.released_by == account_id)
    for message in db.session.scalars(select(Message).where(mine).order_by(Message.id)):
        yield {
            "message": pick(message.subject, ()).text,
            "wrote_it": message.written_by == account_id,
            "sent_it": message.released_by == account_id,
            "written_at": message.created_at,
            "sent_at": message.sent_at,
        }


def _erase(account_id: UUID) -> None:
    for column in (Message.written_by, Message.released_by):
        db.session.execute(update(Message).where(column == account_id).values({column: None}))


def _stays(account_id: UUID) -> Iterator[Stays]:
    if next(_collect(account_id), None):
        yield Stays(
            _("Messages that you wrote to many people, without your name."),
            _("They were the city's, and people may ask what they were told."),
        )


holds(
    Holding(
        name="platform.messages",
        title=_l("Messages to many people"),
        purpose=_l("To know who wrote and who sent what the city told people."),
        basis=Basis.PUBLIC_TASK,
        kept=_l("As long as the city keeps the message; the name until the account is deleted."),
        collect=_collect,
        erase=_erase,
        stays=_stays,
        tables=("message",),
    )
)
