"""What people choose: by which channels they hear of a topic, how often, and when not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from app.core.clock import now
from app.core.db import db
from app.notify import channels, kinds
from app.notify.kinds import INBOX, Shown
from app.notify.models import Choice, Delivery
from app.notify.people import account
from app.notify.rules import Rhythm, State
from app.notify.telling import digests_after
from app.notify.unsubscribing import EVERYTHING, Stop

Topics = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of the city's day in which nothing comes that can wait."""

    begins: int | None = None
    ends: int | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """What somebody has chosen so far."""

    topics: Topics = field(default_factory=dict)
    quiet: Quiet = Quiet()
    districts: Sequence[str] = ()


def of(account_id: UUID) -> Chosen:
    """Return what a person chose."""
    row = db.session.get(Choice, account_id)
    if row is None:
        return Chosen()
    return Chosen(row.topics, Quiet(row.quiet_from, row.quiet_until), row.districts)


def shown_rhythm(chosen: Topics, shown: Shown, channel: str) -> Rhythm:
    """Return what the page shows for a topic and a channel."""
    return Rhythm(chosen.get(shown.topic.name, {}).get(channel, kinds.usual(shown.topic, channel)))


def save(account_id: UUID, topics: Topics, quiet: Quiet, districts: Sequence[str]) -> None:
    """Keep what a person chose; what waits for a digest follows it."""
    row = _locked(account_id)
    before = row.topics
    row.topics = {**before, **{topic: dict(ways) for topic, ways in topics.items()}}
    row.quiet_from, row.quiet_until = quiet.begins, quiet.ends
    row.districts = list(districts)
    row.changed_at = now()
    _regather(account_id, before, row.topics)


def stop(wish: Stop) -> None:
    """Switch off a topic, or whatever can be switched off, for one channel; does nothing for who is gone."""
    if not _is_here(wish.account_id):
        return
    row = _locked(wish.account_id)
    names = [wish.topic]
    if wish.topic == EVERYTHING:
        names = [shown.topic.name for shown in kinds.topics_on() if not shown.required]
    before = row.topics
    row.topics = {
        **before,
        **{name: {**before.get(name, {}), wish.channel: Rhythm.OFF.value} for name in names},
    }
    row.changed_at = now()
    _regather(wish.account_id, before, row.topics)


def ask_for(account_id: UUID, topic: str) -> None:
    """Switch a topic on that nobody gets who does not ask: in the inbox, and by mail once a day."""
    row = _locked(account_id)
    on = {INBOX: Rhythm.AT_ONCE.value, kinds.MAIL: Rhythm.DAILY.value}
    row.topics = {**row.topics, topic: {**row.topics.get(topic, {}), **on}}
    row.changed_at = now()


def _locked(account_id: UUID) -> Choice:
    row = {"account_id": account_id, "topics": {}, "districts": [], "changed_at": now()}
    db.session.execute(insert(Choice).values(row).on_conflict_do_nothing())
    return db.session.scalars(select(Choice).where(Choice.account_id == account_id).with_for_update()).one()


def _is_here(account_id: UUID) -> bool:
    from_accounts = select(account.c.id).where(account.c.id == account_id)
    return db.session.scalar(from_accounts) is not None


def _regather(account_id: UUID, before: Topics, after: Topics) -> None:
    """Let what waits for a digest leave with the one that the person now wants, at once, or not at all."""
    moment = now()
    daily, weekly = digests_after(moment)
    due = {Rhythm.AT_ONCE: moment, Rhythm.DAILY: daily, Rhythm.WEEKLY: weekly}
    for shown in kinds.topics_on():
        names = [kind.name for kind in shown.kinds if not kind.required]
        for way in channels.offered():
            rhythm = shown_rhythm(after, shown, way.name)
            if rhythm == shown_rhythm(before, shown, way.name):
                continue
            waiting = update(Delivery).where(
                Delivery.account_id == account_id,
                Delivery.state == State.GATHERED,
                Delivery.channel == way.name,
                Delivery.kind.in_(names),
            )
            if rhythm is Rhythm.OFF:
                changed = waiting.values(state=State.DROPPED, done_at=moment, reason="switched_off")
            else:
                changed = waiting.values(due_at=due[rhythm])
            db.session.execute(changed)
