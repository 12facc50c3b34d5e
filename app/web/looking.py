"""Who else is looking at an item: a hint that two people are about to do the same, never a lock.

It lies in Redis for a few minutes and holds ids only; whoever opened the item first is named.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from flask import current_app
from sqlalchemy import select

from app.accounts.current import current_account
from app.accounts.models import Account
from app.core import redis
from app.core.clock import now
from app.core.context import current_city
from app.core.db import db

AWAY_AFTER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Looker:
    """A colleague who has an item open."""

    name: str
    since: datetime


def looking_at(subject: str) -> Looker | None:
    """Note that the one signed in has opened an item (`module:id`); returns the colleague who opened it before her."""
    account = current_account()
    if account is None:
        return None
    key = redis.key(f"looking:{current_city().id}:{subject}")
    try:
        known = {str(k): str(v) for k, v in redis.client().hgetall(key).items()}
        me, moment = str(account.id), now().timestamp()
        since = known.get(me, f"{moment:.0f} ").partition(" ")[0]
        redis.client().hset(key, me, f"{since} {moment:.0f}")
        redis.client().expire(key, AWAY_AFTER)
    except redis.RedisError:
        current_app.logger.warning("redis is away: nobody is told who else looks at an item")
        return None
    return _first({k: v for k, v in known.items() if k != me}, moment)


def looked_at(subjects: Sequence[str]) -> dict[str, Looker]:
    """Return which of some items (`module:id`) a colleague has open, for a list; nothing is noted."""
    account = current_account()
    me, moment, city_id = str(account.id) if account else "", now().timestamp(), current_city().id
    keys = [redis.key(f"looking:{city_id}:{subject}") for subject in subjects]
    try:
        pipe = redis.client().pipeline(transaction=False)
        for key in keys:
            pipe.hgetall(key)
        found = pipe.execute() if keys else []
    except redis.RedisError:
        return {}
    here = {
        subject: _here({str(k): str(v) for k, v in known.items() if str(k) != me}, moment)
        for subject, known in zip(subjects, found, strict=True)
    }
    people = {UUID(account_id) for those in here.values() for _since, account_id in those[:1]}
    named = select(Account.id, Account.name).where(Account.id.in_(people))
    names = {row[0]: row[1] for row in db.session.execute(named)} if people else {}
    return {
        subject: Looker(names[UUID(those[0][1])], datetime.fromtimestamp(those[0][0], UTC))
        for subject, those in here.items()
        if those and UUID(those[0][1]) in names
    }


def look_away(subject: str) -> None:
    """Note that the one signed in is done with an item."""
    account = current_account()
    if account is not None:
        try:
            redis.client().hdel(redis.key(f"looking:{current_city().id}:{subject}"), str(account.id))
        except redis.RedisError:
            current_app.logger.warning(
                "redis is away: a note that somebody looks at an item stays for minutes"
            )


def _first(others: dict[str, str], moment: float) -> Looker | None:
    for since_, account_id in _here(others, moment):
        name = db.session.scalar(select(Account.name).where(Account.id == UUID(account_id)))
        if name is not None:
            return Looker(name, datetime.fromtimestamp(since_, UTC))
    return None


def _here(others: dict[str, str], moment: float) -> list[tuple[float, str]]:
    """Return who is still looking and since when, whoever came first before the others."""
    here = []
    for account_id, times in others.items():
        since, _space, last = times.partition(" ")
        if moment - float(last) <= AWAY_AFTER.total_seconds():
            here.append((float(since), account_id))
    return sorted(here)
