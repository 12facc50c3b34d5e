"""What each city may use, what it does use, and what happens when nothing is left.

How large a city is, is looked at once an hour and kept; only near the limit is it looked at anew. What every city may
use is said by the deployment's settings; `platform.quota` says where one city differs.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from flask import Flask, current_app
from redis import Redis
from sqlalchemy import delete, select, text, update
from sqlalchemy.dialects.postgresql import insert

from app.core import redis, stores
from app.core.clock import now
from app.core.context import City, current_city
from app.core.db import db
from app.core.errors import Conflict
from app.core.gathering import Gathering
from app.core.i18n import gettext as _
from app.core.quotas import Resource, Use
from tenants import journal, resolve, usage
from tenants.models import Measure, Quota

MEGABYTE = 1_000_000
# Below this share of a quota the last look is good enough, in per cent.
NEAR = 90
# Mails for very many people are given one of the days within this time; later ones leave on its last day.
FARTHEST = timedelta(days=120)
_SIZES = text(
    "SELECT (SELECT coalesce(sum(pg_total_relation_size(to_regclass(name))), 0)"
    " FROM unnest(CAST(:tables AS text[])) AS name) AS database, (SELECT count(*) FROM account) AS accounts"
)


class MailsWaitedFor:
    """What this process has written of mails that leave at once, by city and day; Redis is told every two seconds."""

    def __init__(self, client: Redis, prefix: str) -> None:
        self._client, self._prefix = client, prefix
        self.gathered: Gathering[tuple[str, str]] = Gathering(self._tell)

    def _tell(self, pending: Mapping[tuple[str, str], float]) -> None:
        line = self._client.pipeline(transaction=False)
        for (city_id, day), number in pending.items():
            line.incrby(f"{self._prefix}{_mails_on(city_id, day)}", int(number))
            line.expire(f"{self._prefix}{_mails_on(city_id, day)}", FARTHEST + timedelta(days=2))
        line.execute()


def install(app: Flask) -> None:
    """Give the application its count of mails."""
    app.extensions["parvis_mails"] = MailsWaitedFor(*app.extensions["parvis_redis"])


def flush() -> None:
    """Tell Redis at once of the mails that this process has counted."""
    _waited_for().gathered.flush()


def most(city: City, resource: Resource) -> int:
    """Return the most a city may use of something."""
    given: dict[Resource, int] = current_app.config["PARVIS"].quotas
    return city.quotas.get(resource, given[resource])


def put(city_id: str, resource: Resource, number: int | None) -> None:
    """Let one city use more or less of something than every city may; None gives it what every city has."""
    if number is None:
        gone = delete(Quota).where(Quota.city_id == city_id, Quota.resource == resource)
        db.session.execute(gone)
    else:
        row = insert(Quota).values(city_id=city_id, resource=resource.value, most=number)
        db.session.execute(
            row.on_conflict_do_update(index_elements=["city_id", "resource"], set_={"most": number})
        )
    journal.note("city.quota_changed", city_id, resource=resource.value, most=number)
    resolve.change()


def differing(city_id: str) -> dict[str, int]:
    """Return where a city, in whatever state, may use more or less than every city."""
    rows = db.session.scalars(select(Quota).where(Quota.city_id == city_id))
    return {row.resource: row.most for row in rows}


def uses(city: City) -> list[Use]:
    """Return what a city uses of everything that is limited, as far as was last looked."""
    return _uses(city.id, city.quotas)


def uses_of(city_id: str) -> list[Use]:
    """Return what a city, in whatever state, uses of everything that is limited."""
    return _uses(city_id, differing(city_id))


def _uses(city_id: str, given: Mapping[str, int]) -> list[Use]:
    size = db.session.get(Measure, city_id)
    used = {
        Resource.STORAGE: _megabytes(_stored(size)) if size else 0,
        Resource.MAILS: usage.today(city_id).mails,
        Resource.ACCOUNTS: size.accounts if size else 0,
        Resource.REQUESTS: usage.this_minute(city_id),
    }
    usual: dict[Resource, int] = current_app.config["PARVIS"].quotas
    return [Use(resource, number, given.get(resource, usual[resource])) for resource, number in used.items()]


def looked_at(city_id: str) -> datetime | None:
    """Return when it was last looked how large a city is."""
    size = db.session.get(Measure, city_id)
    return size.measured_at if size else None


def look() -> Measure:
    """Look how large the city being served is, and keep it."""
    city = current_city()
    tables = [table.name for table in db.metadatas[None].tables.values() if table.schema is None]
    database, accounts = db.session.execute(_SIZES, {"tables": tables}).one()
    values = {
        "measured_at": now(),
        "database_bytes": int(database),
        "files_bytes": stores.bytes_of(city.id),
        "accounts": accounts,
    }
    row = insert(Measure).values(city_id=city.id, told={}, **values)
    db.session.execute(row.on_conflict_do_update(index_elements=["city_id"], set_=values))
    return db.session.get_one(Measure, city.id, populate_existing=True)


def make_room_for(extra: int) -> None:
    """Count `extra` bytes that the city being served wants to keep; raises Conflict when it may not."""
    city = current_city()
    allowed = most(city, Resource.STORAGE) * MEGABYTE
    size = db.session.get(Measure, city.id)
    if size is None or (_stored(size) + extra) * 100 >= allowed * NEAR:
        size = look()
    if _stored(size) + extra > allowed:
        raise Conflict(
            _(
                "There is no room for it: the city uses %(used)s of its %(most)s MB. "
                "An administrator can ask the operators of the platform for more.",
                used=_megabytes(_stored(size)),
                most=most(city, Resource.STORAGE),
            )
        )
    grown = update(Measure).where(Measure.city_id == city.id)
    db.session.execute(grown.values(files_bytes=Measure.files_bytes + extra))


def has_room_for_accounts() -> bool:
    """Tell whether somebody can open another account in the city being served."""
    city = current_city()
    allowed = most(city, Resource.ACCOUNTS)
    size = db.session.get(Measure, city.id)
    if size is None or size.accounts * 100 >= allowed * NEAR:
        size = look()
    return size.accounts < allowed


def mail_day(city: City, *, bulk: bool) -> datetime | None:
    """Count one mail that a city writes; returns when it may leave, None for at once.

    What somebody waits for leaves at once whatever the quota is. What is for very many people has to wait for a day
    with room. Without Redis nothing waits.
    """
    today, written = now().date(), _waited_for().gathered
    if not bulk:
        written.add([((city.id, today.isoformat()), 1)])
        return None
    try:
        flush()
        return _day_with_room(city, today)
    except redis.RedisError:
        current_app.logger.warning("redis is away: the mails of %s are not limited", city.id)
        return None


def _day_with_room(city: City, today: date) -> datetime | None:
    day, first_free = today, redis.key(f"mails-from:{city.id}")
    found = redis.client().get(first_free)
    if found:
        day = max(day, datetime.fromisoformat(str(found)).date())
    while _count_mail(city, day.isoformat()) > most(city, Resource.MAILS) and day < today + FARTHEST:
        day += timedelta(days=1)
        redis.client().set(first_free, day.isoformat(), ex=FARTHEST)
    return None if day == today else datetime.combine(day, time(), UTC)


def _count_mail(city: City, day: str) -> int:
    line = redis.client().pipeline(transaction=False)
    key = redis.key(_mails_on(city.id, day))
    line.incr(key)
    line.expire(key, FARTHEST + timedelta(days=2))
    return int(line.execute()[0])


def _mails_on(city_id: str, day: str) -> str:
    return f"mails:{city_id}:{day}"


def _waited_for() -> MailsWaitedFor:
    found: MailsWaitedFor = current_app.extensions["parvis_mails"]
    return found


def _stored(size: Measure) -> int:
    return size.database_bytes + size.files_bytes


def _megabytes(number: int) -> int:
    return -(-number // MEGABYTE)
