"""What people are told, through which channels, what they chose and what they follow; each city has its own."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import CityModel
from app.core.exporting import Personal, impersonal, left_out, not_copied, personal
from app.core.ids import new_id
from app.notify.rules import State

Value = str | int | bool | None | dict[str, str]
"""What a message is made of: words, numbers, ids, and texts in several languages; never a secret."""
_SENT_HERE = "What this deployment sends; elsewhere people would get it twice."


class Notification(CityModel):
    """Something one person is told once; without a person, something that very many are being told."""

    __tablename__ = "notification"
    __table_args__ = (
        UniqueConstraint("account_id", "kind", "cause"),
        Index(
            "uq_notification_announced",
            "kind",
            "cause",
            unique=True,
            postgresql_where=text("account_id IS NULL"),
        ),
        Index("ix_notification_account_id_created_at", "account_id", "created_at", "id"),
        Index("ix_notification_unread", "account_id", postgresql_where=text("read_at IS NULL")),
        {"info": not_copied("It tells what people of the real city did.")},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(100), info=impersonal())
    cause: Mapped[str] = mapped_column(String(120), info=impersonal())
    """What happened, by a key that stays the same when it is told again: nobody hears of it twice."""
    link: Mapped[str] = mapped_column(String(300), default="", info=impersonal())
    words: Mapped[dict[str, Value]] = mapped_column(JSONB, default=dict, info=personal(Personal.WORDS))
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    audience: Mapped[dict[str, Value] | None] = mapped_column(JSONB(none_as_null=True), info=impersonal())
    """Of an announcement: whom it is for, and how far the telling has come."""


class Delivery(CityModel):
    """One message handed to one person through one channel, or a digest of several."""

    __tablename__ = "notification_delivery"
    __table_args__ = (
        UniqueConstraint("notification_id", "channel"),
        Index(
            "ix_notification_delivery_open",
            "bulk",
            "due_at",
            postgresql_where=text("state IN ('waiting', 'failed')"),
        ),
        Index("ix_notification_delivery_gathered", "due_at", postgresql_where=text("state = 'gathered'")),
        Index("ix_notification_delivery_dead", "done_at", postgresql_where=text("state = 'dead'")),
        Index(
            "ix_notification_delivery_digest_id", "digest_id", postgresql_where=text("digest_id IS NOT NULL")
        ),
        Index("ix_notification_delivery_account_id_created_at", "account_id", "created_at", "id"),
        {"info": left_out(_SENT_HERE)},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    notification_id: Mapped[UUID | None] = mapped_column(ForeignKey("notification.id", ondelete="CASCADE"))
    """None for a digest."""
    digest_id: Mapped[UUID | None]
    """The digest that this one was put into."""
    kind: Mapped[str] = mapped_column(String(100))
    channel: Mapped[str] = mapped_column(String(16))
    state: Mapped[State]
    bulk: Mapped[bool]
    """One of very many: stands behind what somebody waits for."""
    counted: Mapped[bool] = mapped_column(default=False)
    """Whether it has its place in the city's quota."""
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)
    due_at: Mapped[datetime]
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(300), default="")
    """Why it did not arrive: a word of `app.notify.log`, and what the other side said."""


class Choice(CityModel):
    """What one person chose; what is not in it is as the topic has it."""

    __tablename__ = "notification_choice"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    topics: Mapped[dict[str, dict[str, str]]] = mapped_column(JSONB, default=dict, info=impersonal())
    """Topic → channel → rhythm."""
    districts: Mapped[list[str]] = mapped_column(JSONB, default=list, info=personal(Personal.WORDS))
    """Codes of those of which she wants to hear; of all when there are none."""
    quiet_from: Mapped[int | None] = mapped_column(SmallInteger)
    quiet_until: Mapped[int | None] = mapped_column(SmallInteger)
    changed_at: Mapped[datetime]


class Follow(CityModel):
    """Somebody who wants to hear about one thing."""

    __tablename__ = "follow"

    subject: Mapped[str] = mapped_column(String(120), primary_key=True, info=impersonal())
    """`<module>:<what>:<id>`."""
    account_id: Mapped[UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    created_at: Mapped[datetime]
