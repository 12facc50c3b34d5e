"""The Celery application: settings that were proven to lose nothing when a worker is killed."""

from celery import Celery
from celery.schedules import schedule
from kombu.entity import Exchange, Queue

from app.core.config import read
from app.core.jobs import Lane

HARD_LIMIT_SECONDS = 600
# Longer than any task may run, or the broker would hand a running task to a second worker.
VISIBILITY_SECONDS = 2 * HARD_LIMIT_SECONDS
TICK_SECONDS = 5.0
# A worker that was away for long need not hear of every tick that it missed.
TICK_LASTS_SECONDS = 60.0
RELAY = "relay"


def _queue(name: str) -> Queue:
    """Return a queue with an exchange of its own: one that is shared would hand each message to all of them."""
    return Queue(name, Exchange(name, "direct"), routing_key=name)  # type: ignore[no-untyped-call]


def make_celery(broker: str, prefix: str) -> Celery:
    """Return a Celery application on `broker`, its keys under `prefix`."""
    # A process of the worker asks for a relay through an application of its own: that must not become the one it serves.
    app = Celery("parvis", broker=broker, set_as_current=False)
    app.conf.update(
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=1,
        worker_soft_shutdown_timeout=8.0,
        worker_cancel_long_running_tasks_on_connection_loss=True,
        worker_hijack_root_logger=False,
        task_time_limit=HARD_LIMIT_SECONDS,
        task_soft_time_limit=HARD_LIMIT_SECONDS - 30,
        task_serializer="json",
        accept_content=["json"],
        timezone="UTC",
        # Workers take from each queue that has something in turn, so no lane waits for the end of another.
        task_queues=[_queue(name) for name in (RELAY, *(lane.queue for lane in Lane))],
        task_default_queue=Lane.PROMPT.queue,
        task_routes={"platform.relay": RELAY, "platform.tick": RELAY},
        broker_connection_retry_on_startup=True,
        broker_transport_options={
            "visibility_timeout": VISIBILITY_SECONDS,
            "global_keyprefix": prefix,
            "socket_keepalive": True,
            "unacked_restore_interval": 10,
            "unacked_restore_throttle": 1,
        },
        beat_schedule={
            "tick": {
                "task": "platform.tick",
                "schedule": schedule(TICK_SECONDS),
                "options": {"expires": TICK_LASTS_SECONDS},
            }
        },
    )
    return app


def prefix_of(database: str) -> str:
    """Return the key prefix of the deployment on this database."""
    return f"{database}:celery:"


def from_environment() -> Celery:
    """Return the Celery application that the environment describes."""
    config = read()
    return make_celery(config.redis_url, prefix_of(str(config.database.database)))
