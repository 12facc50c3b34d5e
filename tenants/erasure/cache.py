"""What Redis holds of a city: keys with its id in their name, and messages about it in keys of everybody.

Rate limits and caches have the id or the host in the key. The worker's queues are lists of messages whose header names
the city, and what workers have taken lies in a hash with an index beside it. Nothing here knows a key by its name:
whatever holds the marks of the city is found, so that a new kind of key is covered as well.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, cast

from flask import current_app
from redis import Redis
from redis.client import Pipeline

from tenants.erasure.marks import Marks

BATCH = 1000
KEY = "key"


@dataclass(frozen=True, slots=True)
class Held:
    """What was found: whole keys, and entries in keys that others use as well."""

    keys: int = 0
    entries: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """A whole key, or one part of what a key holds."""

    kind: str
    key: bytes
    name: bytes
    value: bytes


def remove(marks: Marks) -> Held:
    """Delete what Redis holds of the city and return how much that was."""
    redis = _client()
    # Looked for first, then removed: taking out what a list holds moves what comes after it.
    found = list(_entries(redis, marks))
    removed = [(entry.kind, _REMOVERS[entry.kind](redis, entry)) for entry in found]
    keys = sum(number for kind, number in removed if kind == KEY)
    return Held(keys, sum(number for _kind, number in removed) - keys)


def search(marks: Marks) -> Held:
    """Return how much Redis holds of the city."""
    kinds = [entry.kind for entry in _entries(_client(), marks)]
    return Held(kinds.count(KEY), len(kinds) - kinds.count(KEY))


def _client() -> Redis:
    # Values as they are: not everything in Redis is text.
    return Redis.from_url(current_app.config["PARVIS"].redis_url, socket_timeout=10, socket_connect_timeout=5)


def _keys(redis: Redis) -> Iterator[bytes]:
    prefix = current_app.config["PARVIS"].key_prefix
    safe = "".join(f"\\{letter}" if letter in "*?[]\\" else letter for letter in prefix)
    yield from redis.scan_iter(match=f"{safe}*", count=BATCH)


def _entries(redis: Redis, marks: Marks) -> Iterator[Entry]:
    """Yield every key that names the city, and of the others what names it in them."""
    every = _keys(redis)
    while keys := list(islice(every, BATCH)):
        mine = {key for key in keys if marks.stand_in(_text(key))}
        yield from (Entry(KEY, key, b"", b"") for key in mine)
        for key, kind, content in _contents(redis, [key for key in keys if key not in mine]):
            for name, value in _pairs(redis, key, kind, content):
                if marks.id_stands_in(_text(name)) or marks.id_stands_in(_text(value)):
                    yield Entry(kind, key, name, value)


def _contents(redis: Redis, keys: Sequence[bytes]) -> Iterator[tuple[bytes, str, Any]]:
    """Yield key, kind and content of each; of a list the first batch. Two round trips for all of them."""
    with redis.pipeline(transaction=False) as pipeline:
        for key in keys:
            pipeline.type(key)
        kinds = [_text(kind) for kind in pipeline.execute()]
        known = [(key, kind) for key, kind in zip(keys, kinds, strict=True) if kind in _READERS]
        for key, kind in known:
            _READERS[kind](pipeline, key)
        # A key may have become one of another kind meanwhile; then it is nobody's any more.
        answers = pipeline.execute(raise_on_error=False)
    for (key, kind), answer in zip(known, answers, strict=True):
        if not isinstance(answer, Exception):
            yield key, kind, answer


def _pairs(redis: Redis, key: bytes, kind: str, content: Any) -> Iterator[tuple[bytes, bytes]]:
    if kind == "string":
        yield b"", content or b""
    elif kind == "hash":
        yield from content.items()
    elif kind == "stream":
        yield from ((name, repr(fields).encode()) for name, fields in content)
    else:
        yield from ((b"", value) for value in content)
    start = BATCH
    while kind == "list" and len(content) == BATCH:
        content = redis.lrange(key, start, start + BATCH - 1)
        start += BATCH
        yield from ((b"", value) for value in content)


def _remove_from_hash(redis: Redis, entry: Entry) -> int:
    # What a worker has taken is named in an index beside the hash.
    index = entry.key + b"_index"
    if _text(redis.type(index)) == "zset":
        redis.zrem(index, entry.name)
    return int(redis.hdel(entry.key, cast("str", entry.name)))


def _text(raw: bytes | str) -> str:
    return raw if isinstance(raw, str) else raw.decode("utf-8", "replace")


_READERS: dict[str, Callable[[Pipeline, bytes], Any]] = {
    "string": lambda pipeline, key: pipeline.get(key),
    "list": lambda pipeline, key: pipeline.lrange(key, 0, BATCH - 1),
    "hash": lambda pipeline, key: pipeline.hgetall(key),
    "set": lambda pipeline, key: pipeline.smembers(key),
    "zset": lambda pipeline, key: pipeline.zrange(key, 0, -1),
    "stream": lambda pipeline, key: pipeline.xrange(key),
}
_REMOVERS: dict[str, Callable[[Redis, Entry], int]] = {
    KEY: lambda redis, entry: int(redis.delete(entry.key)),
    "string": lambda redis, entry: int(redis.delete(entry.key)),
    "list": lambda redis, entry: int(redis.lrem(entry.key, 1, cast("str", entry.value))),
    "hash": _remove_from_hash,
    "set": lambda redis, entry: int(redis.srem(entry.key, entry.value)),
    "zset": lambda redis, entry: int(redis.zrem(entry.key, entry.value)),
    "stream": lambda redis, entry: int(redis.xdel(entry.key, entry.name)),
}
