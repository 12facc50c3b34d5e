"""Who is told of what, and what was sent."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.clock import now
from app.core.db import CityModel
from app.core.exporting import left_out
from app.core.ids import new_id

ADDRESS_LENGTH = 2000
NAME_LENGTH = 80
_HERE = "Messages of this deployment to programs that trust it; elsewhere it is set up anew."


class DeliveryState(StrEnum):
    """Where a message is."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


class Webhook(CityModel):
    """An address that is told of events."""

    __tablename__ = "webhook"
    __table_args__ = ({"info": left_out(_HERE)},)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    url: Mapped[str] = mapped_column(String(ADDRESS_LENGTH))
    events: Mapped[list[str]] = mapped_column(JSONB)
    secret: Mapped[str] = mapped_column(String(200))
    """Sealed."""
    former_secret: Mapped[str | None] = mapped_column(String(200))
    """Sealed; messages are signed with it as well until `former_until`."""
    former_until: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    taken_at: Mapped[datetime | None]
    """When the address last took a message."""
    off_at: Mapped[datetime | None]
    off_reason: Mapped[str] = mapped_column(String(32), default="")
    """`staff`, `failing` or `gone`."""

    @property
    def is_on(self) -> bool:
        """Tell whether it is told of events."""
        return self.off_at is None


class WebhookDelivery(CityModel):
    """One message to one address, with every try."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        Index("ix_webhook_delivery_webhook_id_id", "webhook_id", "id"),
        Index("ix_webhook_delivery_state_next_at", "state", "next_at"),
        {"info": left_out(_HERE)},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    webhook_id: Mapped[UUID] = mapped_column(ForeignKey("webhook.id", ondelete="CASCADE"))
    message_id: Mapped[str] = mapped_column(String(64))
    event: Mapped[str] = mapped_column(String(120))
    body: Mapped[str]
    state: Mapped[DeliveryState] = mapped_column(default=DeliveryState.WAITING)
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)
    next_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    status: Mapped[int | None]
    """The last answer's; None when there was none."""
    milliseconds: Mapped[int | None]
    answer: Mapped[str] = mapped_column(default="")
    """How the last answer began, or why there was none."""
    webhook: Mapped[Webhook] = relationship(lazy="joined", innerjoin=True)
