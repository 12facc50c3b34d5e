"""Put back into the queue what killed workers held.

The broker keeps a message that was taken until its worker says that it is done, and hands it to another one after
VISIBILITY_SECONDS. That has to be longer than any task may run; the living are asked instead what they hold.
"""

import json
from datetime import datetime

from celery import Celery
from kombu.transport.redis import Channel

from app.core.clock import now

# Whoever takes a message says so within moments; what is held for longer is asked about.
ASKED_AFTER_SECONDS = 5.0
ANSWER_SECONDS = 1.0
MOST_AT_ONCE = 1000
# A message keeps its tag when it is taken again. Who acted on an older answer would put it back while it is worked on,
# the second copy's end would pass for that of the first, and nobody would miss the first when its worker is killed.
_ALONE, _ALONE_SECONDS = "recovery-at-work", 30


def put_back(celery: Celery) -> int:
    """Put back every message that no living worker holds; returns how many.

    A worker that is too busy to answer in time may have a task done twice, which each task allows. When nobody
    answers, nothing is known and nothing is touched; nothing either while somebody else is at it.
    """
    with celery.connection_for_write() as connection:
        channel = connection.default_channel
        if not channel.client.set(_ALONE, 1, nx=True, ex=_ALONE_SECONDS):
            return 0
        try:
            lost = _lost(celery, channel)
            for tag in lost:
                channel.qos.restore_by_tag(tag)
        finally:
            channel.client.delete(_ALONE)
    return len(lost)


def _lost(celery: Celery, channel: Channel) -> list[str]:
    """Return the tags of the messages that were taken and that no living worker holds."""
    taken = _taken(channel)
    if not taken:
        return []
    answers = celery.control.inspect(timeout=ANSWER_SECONDS).query_task(*set(taken.values()))
    if not answers:
        return []
    held = {task_id for known in answers.values() for task_id in known}
    return [tag for tag, task_id in taken.items() if task_id not in held]


def _taken(channel: Channel) -> dict[str, str]:
    """Return the delivery tags of messages that were taken some time ago and are due, with the ids of their tasks."""
    before = now().timestamp() - ASKED_AFTER_SECONDS
    tags = channel.client.zrange(
        channel.unacked_index_key, 0, before, byscore=True, offset=0, num=MOST_AT_ONCE
    )
    found = {}
    for tag in tags:
        kept = channel.client.hget(channel.unacked_key, tag)
        headers = json.loads(kept)[0]["headers"] if kept is not None else None
        if headers is not None and _is_due(headers.get("eta")):
            found[_text(tag)] = str(headers["id"])
    return found


def _is_due(eta: str | None) -> bool:
    """Tell whether a task that is tried again later need not wait any more."""
    return eta is None or datetime.fromisoformat(eta) <= now()


def _text(tag: bytes | str) -> str:
    return tag.decode() if isinstance(tag, bytes) else tag
