"""The worker's and beat's entry point."""

from celery import signals

from app.core.db import db
from app.factory import create_app
from worker.binding import bind
from worker.celery_app import from_environment

app = create_app()
celery = bind(from_environment(), app)


@signals.worker_process_init.connect  # type: ignore[untyped-decorator]
def _after_fork(**_: object) -> None:
    """Drop the sockets that belong to the parent."""
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose(close=False)
