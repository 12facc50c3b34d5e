"""`python -m worker.ping [NODE]`: tell whether a worker answers through the broker."""

import socket
import sys

from worker.celery_app import from_environment

SECONDS = 5.0


def answers(node: str, seconds: float = SECONDS) -> bool:
    """Ask one worker by its node name; returns as soon as it replies."""
    return bool(from_environment().control.ping(destination=[node], timeout=seconds))


if __name__ == "__main__":
    asked = sys.argv[1] if len(sys.argv) > 1 else f"celery@{socket.gethostname()}"
    sys.exit(0 if answers(asked) else 1)
