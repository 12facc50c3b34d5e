"""Figures for monitoring, added up over all processes: in the process first, every two seconds in Redis.

Nobody waits for Redis, and a process that is killed takes two seconds of figures with it. Labels have few values: what
would need one for each city gets the city's class (`classes`), which the deployment works out once an hour.
"""

import json
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask, current_app
from redis import Redis

from app.core import redis
from app.core.gathering import Gathering

BOUNDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
LAST = "+Inf"
QUIET, NO_CITY = "quiet", "none"
_FIGURES, _CLASSES = "figures", "city-classes"
Labels = tuple[tuple[str, str], ...]
Samples = dict[tuple[str, Labels], float]


@dataclass(frozen=True, slots=True)
class _Key:
    """One figure; with a city it is added under the city's class."""

    name: str
    labels: Labels
    city_id: str | None = None


class Figures:
    """Adds up in Redis what the processes have counted."""

    def __init__(self, client: Redis, prefix: str) -> None:
        self._client, self._prefix = client, prefix
        self.gathered = Gathering(self._tell)

    def _tell(self, pending: Mapping[_Key, float]) -> None:
        ids = sorted({key.city_id for key in pending if key.city_id})
        found = self._client.hmget(self._prefix + _CLASSES, ids) if ids else []
        classes = {ident: str(name or QUIET) for ident, name in zip(ids, found, strict=True)}
        line = self._client.pipeline(transaction=False)
        for key, amount in pending.items():
            labels = key.labels
            if key.city_id is not None:
                labels = (*labels, ("city_class", classes.get(key.city_id, NO_CITY)))
            line.hincrbyfloat(self._prefix + _FIGURES, json.dumps([key.name, dict(labels)]), amount)
        line.execute()


def install(app: Flask) -> None:
    """Give the application its figures."""
    app.extensions["parvis_figures"] = Figures(*app.extensions["parvis_redis"])


def count(name: str, number: int = 1, **labels: str) -> None:
    """Count something; each label takes few values, and none that says anything about a person."""
    _mine().add([(_Key(name, _sorted(labels)), number)])


def observe(name: str, seconds: float, **labels: str) -> None:
    """Count one thing that took so long."""
    _mine().add(_histogram(name, seconds, labels))


def observe_request(city_id: str, group: str, status: int, seconds: float) -> None:
    """Count one request: once by the part of the product, once by the class of the city."""
    kind = f"{status // 100}xx"
    by_part = _histogram("request_seconds", seconds, {"group": group, "status": kind})
    by_city = _histogram("city_request_seconds", seconds, {"status": kind}, city_id)
    _mine().add([*by_part, *by_city])


def flush() -> None:
    """Tell Redis at once what this process has counted."""
    _mine().flush()


def samples() -> Samples:
    """Return what all processes together have counted since Redis last lost what it held."""
    found: Samples = {}
    for said, amount in redis.client().hgetall(redis.key(_FIGURES)).items():
        name, labels = json.loads(said)
        found[str(name), _sorted(labels)] = float(amount)
    return found


def classify(classes: Mapping[str, str]) -> None:
    """Keep the classes of cities; those that are not named are quiet."""
    line = redis.client().pipeline(transaction=True)
    line.delete(redis.key(_CLASSES))
    for city_id, name in classes.items():
        line.hset(redis.key(_CLASSES), city_id, name)
    line.execute()


def _mine() -> Gathering[_Key]:
    found: Figures = current_app.extensions["parvis_figures"]
    return found.gathered


def _histogram(
    name: str, seconds: float, labels: Mapping[str, str], city_id: str | None = None
) -> list[tuple[_Key, float]]:
    place = bisect_left(BOUNDS, seconds)
    bound = f"{BOUNDS[place]:g}" if place < len(BOUNDS) else LAST
    return [
        (_Key(f"{name}_bucket", _sorted({**labels, "le": bound}), city_id), 1),
        (_Key(f"{name}_sum", _sorted(labels), city_id), seconds),
    ]


def _sorted(labels: Mapping[str, str]) -> Labels:
    return tuple(sorted((str(name), str(value)) for name, value in labels.items()))
