"""Browsers that people let the city send messages to."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.db import CityModel, db
from app.core.errors import Invalid
from app.core.exporting import left_out
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.services.push import Subscription, check_subscription

MOST = 10
ENDPOINT, KEY, SECRET = 1000, 100, 40
"""How long what a browser gives can be."""


class PushSubscription(CityModel):
    """One browser of one person, as it gave itself to be reached."""

    __tablename__ = "push_subscription"
    __table_args__ = ({"info": left_out("A browser is subscribed under the key of one deployment.")},)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    endpoint: Mapped[str] = mapped_column(String(ENDPOINT), unique=True)
    p256dh: Mapped[str] = mapped_column(String(KEY))
    auth: Mapped[str] = mapped_column(String(SECRET))
    browser: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime]

    @property
    def keys(self) -> Subscription:
        """Return what a message is sent with."""
        return Subscription(self.endpoint, self.p256dh, self.auth)


def subscribe(account_id: UUID, subscription: Subscription, browser: str) -> None:
    """Keep a browser, once; one that somebody else used before is now hers. Raises Invalid for what is none."""
    told = (subscription.endpoint, ENDPOINT), (subscription.p256dh, KEY), (subscription.auth, SECRET)
    try:
        if any(len(text) > longest for text, longest in told):
            raise ValueError("longer than any browser's")
        check_subscription(subscription)
    except ValueError as error:
        raise Invalid(_("This browser cannot be reached.")) from error
    row = {
        "account_id": account_id,
        "p256dh": subscription.p256dh,
        "auth": subscription.auth,
        "browser": browser[:120],
        "created_at": now(),
    }
    statement = insert(PushSubscription).values(id=new_id(), endpoint=subscription.endpoint, **row)
    db.session.execute(statement.on_conflict_do_update(index_elements=["endpoint"], set_=row))
    newest = select(PushSubscription.id).where(PushSubscription.account_id == account_id)
    kept = newest.order_by(PushSubscription.created_at.desc()).limit(MOST)
    others = PushSubscription.account_id == account_id, PushSubscription.id.not_in(kept)
    db.session.execute(delete(PushSubscription).where(*others))


def of(account_id: UUID) -> list[PushSubscription]:
    """Return the browsers of a person, the newest first."""
    found = select(PushSubscription).where(PushSubscription.account_id == account_id)
    return list(db.session.scalars(found.order_by(PushSubscription.created_at.desc())))


def remove(account_id: UUID, ident: UUID) -> None:
    """Send nothing more to one of a person's browsers."""
    mine = PushSubscription.account_id == account_id, PushSubscription.id == ident
    db.session.execute(delete(PushSubscription).where(*mine))
