"""The worker's and beat's entry point."""

import os

from celery import signals

from app.core import log, tracing
from app.core.db import db
from app.factory import create_app
from worker.binding import bind
from worker.celery_app import from_environment

# While more is asked of the machine than it can do, whoever waits for a page comes first, and mails wait for seconds.
NICE = 10
app = create_app()


@signals.setup_logging.connect  # type: ignore[untyped-decorator]
def _one_style(**_: object) -> None:
    """Write Celery's own words as all others; connected, it keeps Celery from setting up logging itself."""
    log.configure(app.config["PARVIS"].log_format)


celery = bind(from_environment(), app)


@signals.worker_process_init.connect  # type: ignore[untyped-decorator]
def _after_fork(**_: object) -> None:
    """Drop the sockets that belong to the parent, and step back behind the web."""
    os.nice(NICE)
    tracing.begin("parvis-worker")
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose(close=False)
