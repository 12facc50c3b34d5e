"""What people of the two cities are told, what became of it, what they chose and what they follow."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from app.accounts.models import Account
from app.core.clock import now
from app.core.db import db
from app.core.ids import new_id
from app.notify import choices, telling, unsubscribing
from app.notify.audiences import everybody
from app.notify.choices import Quiet
from app.notify.models import Delivery, Follow, Notification
from app.notify.rules import State
from app.notify.unsubscribing import Stop
from app.testing.leaks.filling import Twin
from app.testing.leaks.platform.owner import filling

KIND = "news.published"
SUBJECT = "participatory_budget:edition:followed"


@filling.content
def told(twin: Twin) -> None:
    """Tell everybody something in words of the city, keep deliveries that were given up, choices and what is followed."""
    people = list(db.session.scalars(select(Account.id).where(Account.confirmed_at.is_not(None))))
    words = {"title": twin.texts("told"), "teaser": twin.texts("teaser")}
    for account_id in people[:8]:
        choices.save(account_id, {"news": {"mail": "weekly"}}, Quiet(22, 7), [twin.mark])
        telling.notify(KIND, account_id, twin.key("told"), link="/news/", **words)
        found = select(Notification).where(Notification.account_id == account_id)
        if not db.session.get(Follow, (SUBJECT, account_id)):
            db.session.add(Follow(subject=SUBJECT, account_id=account_id, created_at=now()))
        for notification in db.session.scalars(found.limit(1)):
            dead = {"kind": KIND, "channel": twin.key("away")[:16], "bulk": False, "counted": False}
            db.session.add(
                Delivery(
                    id=new_id(),
                    account_id=account_id,
                    notification_id=notification.id,
                    state=State.DEAD,
                    due_at=now(),
                    created_at=now(),
                    done_at=now(),
                    reason=f"refused: {twin.text('reason')}",
                    **dead,
                )
            )
    telling.notify(KIND, everybody(), twin.key("announced"), link="/news/", **words)


@filling.values("notification_id")
def notifications(_twin: Twin) -> Iterable[UUID]:
    """Return what people were told, and announcements."""
    return db.session.scalars(select(Notification.id).order_by(Notification.account_id.nulls_first())).all()


@filling.values("delivery_id")
def deliveries(_twin: Twin) -> Iterable[UUID]:
    """Return what was given up."""
    return db.session.scalars(select(Delivery.id).where(Delivery.state == State.DEAD)).all()


@filling.values("token", of="portal_unsubscribe.ask")
@filling.values("token", of="portal_unsubscribe.stop")
def tokens(_twin: Twin) -> Iterable[str]:
    """Return what stands in links that stop mails."""
    people = db.session.scalars(select(Account.id).order_by(Account.id).limit(5))
    return [unsubscribing.token_of(Stop(ident, "news", "mail")) for ident in people]


filling.answers("portal_notifications.follow", subject=SUBJECT, follow="0")
filling.answers("console.deliveries_of_person", email=lambda twin: twin.email("resident"))
for _column in ("kind", "cause", "link"):
    filling.review(f"no text notification.{_column}", "a name that the code gives, a key, a path")
for _column in ("kind", "channel"):
    filling.review(f"no text notification_delivery.{_column}", "a name that the code gives")
filling.review("no text notification.audience", "names that the code gives, and keys")
filling.review("no text notification_choice.topics", "names that the code gives")
filling.review("no text follow.subject", "a kind of thing and its id")
