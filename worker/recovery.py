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


def put_back(celery: Celery) -> int:
    """Put back every message that no living worker holds; returns how many.

    A worker that is too busy to answer in time may have a task done twice, which each task allows. When nobody
    answers, nothing is known and nothing is touched.
    """
    with celery.connection_for_write() as connection:
        channel = connection.default_channel
        taken = _taken(channel)
        if not taken:
            return 0
        answers = celery.control.inspect(timeout=ANSWER_SECONDS).query_task(*set(taken.values()))
        if not answers:
            return 0
        held = {task_id for known in answers.values() for task_id in known}
        lost = [tag for tag, task_id in taken.items() if task_id not in held]
        for tag in lost:
            channel.qos.restore_by_tag(tag)
    return len(lost)


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
