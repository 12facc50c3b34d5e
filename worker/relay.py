"""Move what is due from the outbox to the broker; several relays may run at once."""

from celery import Celery
from flask import Flask

from app.core.db import end_transaction
from app.core.jobs import due_rows

BATCH = 500


def relay(app: Flask, celery: Celery) -> int:
    """Send every due row and delete it; a crash in between sends a row twice, never not at all."""
    sent = 0
    while batch := _relay_batch(app, celery):
        sent += batch
    return sent


def _relay_batch(app: Flask, celery: Celery) -> int:
    with app.app_context():
        kept = False
        try:
            rows = due_rows(BATCH)
            with celery.producer_pool.acquire(block=True) as producer:
                for _id, schema, task, ids in rows:
                    celery.send_task(task, kwargs=ids, headers={"city": schema}, producer=producer)
            kept = True
        finally:
            end_transaction(keep=kept)
        return len(rows)
