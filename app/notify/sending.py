"""Handing deliveries over: each in a transaction of its own that ends right after the other side has taken it.

A worker that is killed in between repeats that one delivery under the same name, and no other: the rest is either
written down as handed over or still waits (docs/decisions/0021-notifications.md).
"""

import random
from datetime import timedelta
from time import monotonic
from uuid import UUID

from sqlalchemy import Select, exists, select

from app.core.clock import now
from app.core.db import db, end_transaction
from app.core.jobs import Lane, enqueue, task
from app.notify import digests, reach_holding
from app.notify.channels import mail, push, sms
from app.notify.handing import Run, hand_over
from app.notify.models import Delivery
from app.notify.rules import State

MOST = 200
MOST_SECONDS = 60.0
LOOK_EVERY, REST = timedelta(minutes=5), timedelta(minutes=20)
_OPEN = Delivery.state.in_((State.WAITING, State.FAILED))


@task("notify.send")
def send() -> None:
    """Hand over what somebody waits for."""
    _drain(bulk=False)


@task("notify.send_bulk", lane=Lane.BULK)
def send_bulk() -> None:
    """Hand over some of what is for very many people."""
    _drain(bulk=True)


@task("notify.look_after", every=LOOK_EVERY, idle=REST)
def look_after() -> bool:
    """Make the digests whose time has come, and ask again for what should have left by now."""
    digests.make(now())
    for bulk, name in ((False, "notify.send"), (True, "notify.send_bulk")):
        if db.session.scalar(select(_due(bulk=bulk).exists())):
            enqueue(name)
    open_ones = exists().where(Delivery.state.in_((State.WAITING, State.FAILED, State.GATHERED)))
    return bool(db.session.scalar(select(open_ones)))


def _drain(*, bulk: bool) -> None:
    until, left = monotonic() + MOST_SECONDS, MOST
    with Run() as run:
        while left > 0 and monotonic() < until:
            found = _first(left, bulk=bulk, without=run.closed)
            done = _hand_over(found, run, until)
            left -= done
            if done == len(found) and left > 0:
                break
    name = "notify.send_bulk" if bulk else "notify.send"
    for moment in sorted(run.again_at):
        enqueue(name, at=moment)
    if left <= 0 or monotonic() >= until:
        enqueue(name)


def _hand_over(found: list[UUID], run: Run, until: float) -> int:
    """Hand these over until a way is closed or time is up; returns how many were looked at."""
    before = len(run.closed)
    for number, ident in enumerate(found, start=1):
        hand_over(ident, run)
        end_transaction(keep=True)
        if len(run.closed) > before or monotonic() >= until:
            return number
    return len(found)


def _first(most: int, *, bulk: bool, without: set[str]) -> list[UUID]:
    """Return what is due, in no order: several workers would find every one taken by the other."""
    # A way that is closed now must not hold up what leaves by another.
    open_ways = _due(bulk=bulk).where(Delivery.channel.not_in(without))
    found = list(db.session.scalars(open_ways.order_by(Delivery.due_at).limit(most)))
    random.shuffle(found)
    end_transaction(keep=True)
    return found


def _due(*, bulk: bool) -> Select[UUID]:
    return select(Delivery.id).where(_OPEN, Delivery.bulk.is_(bulk), Delivery.due_at <= now())


WAYS = (mail, sms, push)
"""Named so that whatever sends knows them."""
KEPT = reach_holding
"""Named so that what they need to know about people is declared."""
