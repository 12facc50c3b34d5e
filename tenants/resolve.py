"""From a host name to the city it serves; looked up once, then kept until something changes.

Every change of a city or a switch puts a new generation into Redis, so that all processes
see it with their next request. Without Redis nothing is kept.
"""

import re
import threading
from dataclasses import dataclass, field

from flask import Flask, current_app
from sqlalchemy import Row, event, text
from sqlalchemy.orm import Session

from app.core import redis
from app.core.context import City, CityState
from app.core.db import db
from app.core.ids import new_short_id

HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?\Z")
_KEY = "registry-generation"
# A city that is being made is not there yet; whoever serves people or does a city's work asks whether it is live.
_SELECT = """
SELECT c.id, c.slug, c.name, c.languages, c.time_zone, c.currency, c.published, c.brand, c.hero, c.tagline,
       c.contact_email, c.look, c.state, c.state_reason, c.state_changed_at, c.erase_at,
       (SELECT host FROM platform.domain d WHERE d.city_id = c.id AND d.main AND d.verified) AS host,
       coalesce((SELECT jsonb_object_agg(resource, most) FROM platform.quota q WHERE q.city_id = c.id), '{{}}') AS quotas,
       coalesce(array_agg(t.module) FILTER (WHERE t."on"), '{{}}') AS modules
FROM platform.city c LEFT JOIN platform.module_toggle t ON t.city_id = c.id
WHERE c.state <> 'provisioning' AND {condition} GROUP BY c.id
"""
_BY_SLUG = text(
    _SELECT.format(
        condition="c.id = coalesce((SELECT id FROM platform.city WHERE slug = :value),"
        " (SELECT city_id FROM platform.former_slug WHERE slug = :value))"
    )
)
_BY_ID = text(_SELECT.format(condition="c.id = :value"))
_BY_DOMAIN = text(
    _SELECT.format(condition="c.id = (SELECT city_id FROM platform.domain WHERE host = :value AND verified)")
)


@dataclass
class _Kept:
    generation: str = ""
    cities: dict[str, City | None] = field(default_factory=dict)
    owes_news: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)


# A good kilobyte each. A deployment with more cities than this would look them up again and again.
MOST_KEPT = 20_000


def install(app: Flask) -> None:
    """Give the application its store of looked-up cities."""
    app.extensions["parvis_cities"] = _Kept()


def clean_host(raw: str) -> str:
    """Return the host name without port and final dot, in lower case; empty when it cannot be one."""
    host = raw.partition(":")[0].lower().rstrip(".")
    return host if HOST.match(host) and ".." not in host else ""


def is_apex(host: str) -> bool:
    """Tell whether `host` is the platform's own site."""
    return host == str(current_app.config["PARVIS"].base_domain)


def is_former(city: City, host: str) -> bool:
    """Tell whether `host` is an address below the platform's domain that the city has left."""
    label, _dot, rest = host.partition(".")
    return rest == str(current_app.config["PARVIS"].base_domain) and label != city.slug


def city_for_host(host: str) -> City | None:
    """Return the city that `host` belongs to, in whatever state, or None; its own host may be another."""
    base = current_app.config["PARVIS"].base_domain
    label, dot, rest = host.partition(".")
    if dot and rest == base:
        return _kept(f"slug:{label}")
    return _kept(f"domain:{host}") if host else None


def city_by_id(city_id: str) -> City | None:
    """Return the city with this id, in whatever state, or None."""
    return _kept(f"id:{city_id}")


def city_by_schema(schema: str) -> City | None:
    """Return the city whose schema this is, in whatever state, or None."""
    return city_by_id(schema.removeprefix("c_"))


def city_by_slug(slug: str) -> City | None:
    """Return the city that has or had this web address, in whatever state, or None."""
    return _kept(f"slug:{slug}")


def change() -> None:
    """Make every process look cities up anew once the present transaction has committed."""
    db.session().info["cities_changed"] = True


@event.listens_for(Session, "after_commit")
def _after_commit(session: Session) -> None:
    # Releasing a savepoint comes here, too; then nobody else can see the change yet.
    if not session.in_nested_transaction() and session.info.pop("cities_changed", False):
        _forget()


def _forget() -> None:
    kept: _Kept = current_app.extensions["parvis_cities"]
    with kept.lock:
        kept.cities.clear()
    try:
        _tell(kept)
    except redis.RedisError:
        kept.owes_news = True
        current_app.logger.warning("redis is away: other processes are told of the change when it is back")


def _tell(kept: _Kept) -> None:
    # Never the same twice, not even when Redis has lost what it held.
    redis.client().set(redis.key(_KEY), new_short_id())
    kept.owes_news = False


def _generation(kept: _Kept) -> str:
    if kept.owes_news:
        _tell(kept)
    return str(redis.read(redis.key(_KEY)))


def _kept(name: str) -> City | None:
    kept: _Kept = current_app.extensions["parvis_cities"]
    try:
        generation = _generation(kept)
    except redis.RedisError:
        with kept.lock:
            kept.cities.clear()
        return _look_up(name)
    with kept.lock:
        if kept.generation != generation or len(kept.cities) > MOST_KEPT:
            kept.cities.clear()
            kept.generation = generation
        elif name in kept.cities:
            return kept.cities[name]
    city = _look_up(name)
    with kept.lock:
        if kept.generation == generation:
            kept.cities[name] = city
    return city


def _look_up(name: str) -> City | None:
    kind, _, value = name.partition(":")
    statement = {"slug": _BY_SLUG, "id": _BY_ID, "domain": _BY_DOMAIN}[kind]
    with db.engines["platform"].connect() as connection:
        row = connection.execute(statement, {"value": value}).first()
    return _city(row) if row else None


def _city(row: Row[tuple[object, ...]]) -> City:
    values = row._asdict()
    values["languages"] = tuple(values["languages"])
    values["modules"] = frozenset(values["modules"])
    values["state"] = CityState(values["state"])
    values["host"] = values["host"] or f"{row.slug}.{current_app.config['PARVIS'].base_domain}"
    return City(**values)
