"""How gunicorn serves the product: `gunicorn -c python:app.gunicorn_conf app.wsgi:app`.

The application is put together once, before the processes part: one that dies is replaced in hundredths of a second
instead of seconds, and they share the memory of what never changes. After a new release gunicorn is started anew.
"""

import os
from typing import Any

from app.core import db, tracing

preload_app = True
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
graceful_timeout = 30
control_socket_disable = True
logger_class = "app.core.gunicorn_log.Logger"


def post_fork(_server: Any, worker: Any) -> None:
    """Leave connections to the process that has opened them, and start the thread that sends traces."""
    with worker.app.wsgi().app_context():
        for engine in db.db.engines.values():
            engine.dispose(close=False)
    tracing.begin("parvis-web")
