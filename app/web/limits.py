"""Rate limits: per city, per address or account; counted in Redis, generous when Redis is away."""

from dataclasses import dataclass

from flask import current_app, request
from limits import parse
from limits.storage import RedisStorage
from limits.strategies import MovingWindowRateLimiter
from redis.exceptions import RedisError

from app.core import redis
from app.core.context import city_or_none
from app.core.errors import TooMany
from app.core.i18n import gettext as _
from app.core.ids import keyed_hash


def limit(action: str, rate: str, *subject: str) -> None:
    """Count one try of `action` by `subject` (the caller's address when empty); raises TooMany beyond `rate`.

    `rate` reads like `5/minute` or `20 per hour`.
    """
    try:
        allowed = _limiter().hit(parse(rate), *_counted(action, subject))
    except RedisError:
        current_app.logger.warning("redis is away: %s is not limited", action)
        return
    if not allowed:
        raise TooMany(_("This was tried too often. Wait a little, then try again."))


@dataclass(frozen=True, slots=True)
class Room:
    """What is left of a limit after a try: `left` of `most` in `window` seconds, until `resets_at` (seconds, Unix)."""

    allowed: bool
    most: int
    window: int
    left: int
    resets_at: float


def use(action: str, rate: str, *subject: str) -> Room | None:
    """Count one try and return what is left; None when Redis is away, and nothing is limited."""
    item, counted = parse(rate), _counted(action, subject)
    try:
        allowed = _limiter().hit(item, *counted)
        resets_at, left = _limiter().get_window_stats(item, *counted)
    except RedisError:
        current_app.logger.warning("redis is away: %s is not limited", action)
        return None
    return Room(allowed, item.amount, item.get_expiry(), left, resets_at)


def _counted(action: str, subject: tuple[str, ...]) -> tuple[str, str, str]:
    city = city_or_none()
    who = subject or (request.remote_addr or "unknown",)
    # No key of Redis tells whose address was typed, or from where.
    hashed = keyed_hash("rate limit", *(part.strip().lower().encode() for part in who)).hex()[:32]
    return city.id if city else "apex", action, hashed


def _limiter() -> MovingWindowRateLimiter:
    limiter = current_app.extensions.get("parvis_limiter")
    if limiter is None:
        config = current_app.config["PARVIS"]
        storage = RedisStorage(config.redis_url, key_prefix=redis.key("limits"), wrap_exceptions=False)
        limiter = current_app.extensions["parvis_limiter"] = MovingWindowRateLimiter(storage)
    return limiter
