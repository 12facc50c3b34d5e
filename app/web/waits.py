"""Growing waits between tries of a secret: the first are free, each further one lasts twice as long as the one before.

Counted in Redis, generous when Redis is away.
"""

from dataclasses import dataclass
from datetime import timedelta

from flask import current_app

from app.core import redis
from app.core.clock import now
from app.core.context import city_or_none
from app.core.ids import keyed_hash

# One step, so that tries that come at the same moment are counted one after the other.
_TRY = """
local until_ = tonumber(redis.call('HGET', KEYS[1], 'until') or '0')
local at = tonumber(ARGV[1])
if until_ > at then return math.ceil(until_ - at) end
local tries = redis.call('HINCRBY', KEYS[1], 'tries', 1)
local wait = 0
if tries >= tonumber(ARGV[2]) then
  wait = math.min(tonumber(ARGV[3]) * 2 ^ math.min(tries - tonumber(ARGV[2]), 20), tonumber(ARGV[4]))
end
redis.call('HSET', KEYS[1], 'until', tostring(at + wait))
redis.call('EXPIRE', KEYS[1], tonumber(ARGV[5]))
return 0
"""


@dataclass(frozen=True, slots=True)
class Growing:
    """How waits grow: `free` tries without, then `first`, doubled up to `longest`; all is forgotten after `calm`."""

    free: int
    first: timedelta
    longest: timedelta
    calm: timedelta = timedelta(hours=1)

    def after(self, tries: int) -> timedelta:
        """Return how long to wait after so many tries."""
        if tries < self.free:
            return timedelta()
        doubled: timedelta = self.first * 2 ** min(tries - self.free, 20)
        return min(doubled, self.longest)


def try_now(action: str, growing: Growing, *subject: str) -> timedelta:
    """Count a try and return nothing to wait; or how long is left to wait, when it comes too early and does not count."""
    seconds = (
        now().timestamp(),
        growing.free,
        growing.first.total_seconds(),
        growing.longest.total_seconds(),
        int(growing.calm.total_seconds()),
    )
    try:
        left = redis.client().eval(_TRY, 1, _key(action, subject), *(str(each) for each in seconds))
    except redis.RedisError:
        current_app.logger.warning("redis is away: %s is not limited", action)
        return timedelta()
    return timedelta(seconds=int(str(left)))


def forgive(action: str, *subject: str) -> None:
    """Forget the tries of somebody who has shown that she knows the secret."""
    try:
        redis.client().delete(_key(action, subject))
    except redis.RedisError:
        current_app.logger.warning("redis is away: tries of %s are not forgotten", action)


def _key(action: str, subject: tuple[str, ...]) -> str:
    city = city_or_none()
    # No key of Redis tells whose address was typed, or from where.
    counted = keyed_hash("waits", *(part.strip().lower().encode() for part in subject)).hex()[:32]
    return redis.key(f"waits:{city.id if city else 'apex'}:{action}:{counted}")
