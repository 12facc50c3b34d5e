"""Mails: composed in the transaction that causes them, handed over by the worker after it has committed."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from flask import current_app
from sqlalchemy import String, delete, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.context import city_or_none, current_city
from app.core.db import CityModel, db
from app.core.exporting import left_out
from app.core.ids import new_id
from app.core.jobs import Lane, enqueue, task
from app.core.reading import Query, carry_out, rows
from app.notify import letters
from app.notify.envelopes import noting_refusals, way_back
from app.services.city_mail import way_of
from app.services.mail import Mail
from app.services.mail_doors import open_door
from app.services.refusals import Refused
from tenants import quotas, usage
from tenants.models import PlatformMail

KEPT_DAYS = 30
# What could not be handed over within the worker's own tries, or was lost on its way to it, is asked for again.
LATE_AFTER, GIVEN_UP_AFTER = timedelta(minutes=15), timedelta(days=2)
MOST_AT_ONCE = 500
# No mail server ever has such an address (RFC 2606): the made-up people of training copies do.
NOWHERE = ".invalid"


class Written(NamedTuple):
    """A mail as it was written."""

    id: UUID
    recipient: str
    language: str
    subject: str
    text: str
    html: str


class CityMail(CityModel):
    """A mail of one city; once it is handed over, only when, to whom and about what is kept."""

    __tablename__ = "mail"
    __table_args__ = ({"info": left_out("What this deployment sends; elsewhere people would get it twice.")},)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    recipient: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(8))
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str]
    html: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(index=True)
    """When it was written; of one that has to wait for another day, when that day begins."""
    sent_at: Mapped[datetime | None]


# Without objects: in the rush of a vote each ballot writes one, and each is taken soon after. Links that sign in and
# codes of receipts are known by their hashes alone, once they are on their way.
_TAKE: Query[UUID, str, str, str, str, str] = Query(
    sql(
        "UPDATE mail SET sent_at = :now, text = '', html = '' FROM (SELECT id, recipient, language, subject, text, html"
        " FROM mail WHERE id = :mail AND sent_at IS NULL FOR UPDATE) AS was WHERE mail.id = was.id RETURNING was.*"
    ).columns(*(CityMail.__table__.c[name] for name in Written._fields))
)
_WRITE: Query[()] = Query(
    sql(
        "INSERT INTO mail (id, recipient, language, subject, text, html, created_at)"
        " VALUES (:id, :recipient, :language, :subject, :text, :html, :created_at)"
    )
)


def send_mail(
    template: str,
    recipient: str,
    language: str,
    *,
    about: str = "",
    bulk: bool = False,
    can_wait: bool = False,
    fill: Mapping[str, str] | None = None,
    **values: object,
) -> None:
    """Write a mail from `mail/<template>.txt`, `.html` and its subject block, in `language`; sent after the commit.

    The text template's first line is the subject. A mail of the platform says which sign-up or city it is `about`.
    What goes to very many people is `bulk`: it stands behind what somebody waits for, and when the city has sent as many
    mails as it may on one day, it leaves on another. What a page has said already `can_wait`: it leaves within seconds,
    together with others, and no link that signs in stands behind it. Where the same mail goes to one after the other,
    `fill` names the values in which they differ, which the templates only print; then the rest is written once.
    """
    city = city_or_none()
    text, html = letters.written(template, language, values, fill)
    subject, _, body = text.strip().partition("\n")
    leaves_at = quotas.mail_day(city, bulk=bulk) if city else None
    mail = {
        "id": new_id(),
        "recipient": recipient,
        "language": language,
        "subject": subject.strip()[:300],
        "text": body.strip() + "\n",
        "html": html,
        "created_at": leaves_at or now(),
    }
    if city is None:
        db.session.add(PlatformMail(**mail, about=about))
        enqueue("platform.deliver", mail_id=str(mail["id"]))
        return
    carry_out(_WRITE(**mail))
    way = "mail.deliver_bulk" if bulk else "mail.deliver_soon" if can_wait else "mail.deliver"
    enqueue(way, at=leaves_at, mail_id=str(mail["id"]))


@task("mail.deliver")
def deliver(mail_id: str) -> None:
    """Hand over one mail of the city; a second run finds it sent and does nothing."""
    city = current_city()
    for mail in rows(_TAKE(mail=UUID(mail_id), now=now())):
        _hand_over(Written(*mail))
        usage.count(city.id, usage.MAILS)


@task("mail.deliver_soon", lane=Lane.ROUTINE, many=True)
def deliver_soon(mail_id: str) -> None:
    """Hand over one mail of the city that says what a page has said before."""
    deliver(mail_id)


@task("mail.deliver_bulk", lane=Lane.BULK, many=True)
def deliver_bulk(mail_id: str) -> None:
    """Hand over one of very many mails of the city."""
    deliver(mail_id)


@task("platform.deliver", of_platform=True)
def deliver_platform(mail_id: str) -> None:
    """Hand over one mail of the platform."""
    mail = db.session.get(PlatformMail, UUID(mail_id), with_for_update=True)
    if mail is None or mail.sent_at is not None:
        return
    _hand_over(Written(*(getattr(mail, name) for name in Written._fields)))
    mail.sent_at, mail.text, mail.html = now(), "", ""


@task("mail.deliver_late", every=LATE_AFTER)
def deliver_late() -> None:
    """Ask again for the mails of the city that should have left by now."""
    for ident in _late(CityMail):
        enqueue("mail.deliver", mail_id=str(ident))


@task("platform.deliver_late", every=LATE_AFTER, of_platform=True)
def deliver_late_of_platform() -> None:
    """Ask again for the mails of the platform that should have left by now."""
    for ident in _late(PlatformMail):
        enqueue("platform.deliver", mail_id=str(ident))


def _late(kind: type[CityMail] | type[PlatformMail]) -> Sequence[UUID]:
    moment = now()
    waiting = kind.sent_at.is_(None), kind.created_at.between(moment - GIVEN_UP_AFTER, moment - LATE_AFTER)
    return db.session.scalars(select(kind.id).where(*waiting).limit(MOST_AT_ONCE)).all()


def _hand_over(mail: Written) -> None:
    """Hand a mail over; what its server refuses for good is given up, as another try would end the same."""
    if mail.recipient.endswith(NOWHERE):
        return
    try:
        _send(mail)
    except Refused as error:
        if not error.for_good:
            raise


def _send(mail: Written) -> None:
    config, city = current_app.config["PARVIS"], city_or_none()
    words = (mail.subject, mail.text, mail.html, mail.language)
    if city is None:
        open_door(config.mail_url).send(Mail(mail.recipient, "Parvis", config.mail_from, *words))
        return
    way = way_of(city)
    ready = Mail(
        mail.recipient,
        way.sender_name,
        way.sender,
        *words,
        ident=mail.id.hex,
        reply_to=way.reply_to,
        returns_to=way_back(way, mail.id),
    )
    with noting_refusals(mail.recipient):
        way.door.send(ready)


def forget_sent(before: datetime) -> int:
    """Delete mails handed over before `before` and return how many that were."""
    old = select(CityMail.id).where(CityMail.sent_at < before)
    return len(db.session.execute(delete(CityMail).where(CityMail.id.in_(old)).returning(CityMail.id)).all())
