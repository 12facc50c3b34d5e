"""Ask the running product whether it answers."""

import http.client
import subprocess
import sys
from collections.abc import Mapping

from .checkout import ROOT

WORKER = "parvis@devstack"


def page_status(port: int, host: str, path: str = "/") -> int:
    """Return the status of a page, or 0 when nobody answers; names are never looked up."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path, headers={"Host": f"{host}:{port}"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def worker_answers(env: Mapping[str, str]) -> bool:
    """Tell whether the worker replies to a ping through the broker."""
    command = [sys.executable, "-m", "worker.ping", WORKER]
    answer = subprocess.run(
        command, env=env, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    return answer.returncode == 0
