"""A product of a few lines in place of ours: the stack is tested apart from what it runs."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from devstack.checkout import ROOT

FILES = {
    "app/__init__.py": "",
    "app/cli.py": """\
import os, click
@click.group()
def main(): pass
@main.command()
def setup():
    if "STUB_BREAKS" in os.environ:
        raise click.ClickException("the table is laid for somebody else")
@main.group()
def demo(): pass
@demo.command()
def load(): click.echo("paris: loaded")
@demo.command()
def publish(): click.echo("paris: published")
@demo.command("sign-ins")
def sign_ins(): click.echo("Paris  editor  editor@paris.example  a password")
if __name__ == "__main__":
    main()
""",
    "app/factory.py": """\
def create_app(): return None
""",
    "app/gunicorn_conf.py": """\
preload_app, workers, control_socket_disable = True, 2, True
""",
    "app/wsgi.py": """\
def app(environ, start_response):
    known = environ["PATH_INFO"] in ("/", "/healthz", "/dev/mail")
    start_response("200 OK" if known else "404 Not Found", [("Content-Type", "text/plain")])
    return [environ["HTTP_HOST"].encode()]
""",
    "worker/__init__.py": "",
    "worker/main.py": """\
import os
from celery import Celery
celery = Celery("stub", broker=os.environ["REDIS_URL"])
celery.conf.update(task_ignore_result=True, broker_connection_retry_on_startup=True)
""",
    "worker/ping.py": """\
import sys
from worker.main import celery
sys.exit(not celery.control.ping(destination=sys.argv[1:], timeout=2))
""",
}


def wait_for(condition: Callable[[], object], seconds: float = 30) -> None:
    """Return as soon as the condition holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def children_of(pid: int) -> dict[int, str]:
    """Return the command lines of a process's living children."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
            words = (entry / "cmdline").read_bytes().decode().replace("\0", " ")
        except OSError:
            continue
        if int(parent) == pid and state != "Z":
            found[int(entry.name)] = words
    return found


def is_running(pid: int) -> bool:
    """Tell whether a process lives."""
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class StubCheckout:
    """A checkout with the real devstack and the stub product."""

    def __init__(self, root: Path, env: dict[str, str]) -> None:
        self.root = root
        self.env = {**env, "PYTHONPATH": str(root)}
        self.output = root / "output"
        self.process: subprocess.Popen[bytes] | None = None
        for name, text in FILES.items():
            (root / name).parent.mkdir(exist_ok=True)
            (root / name).write_text(text)
        shutil.copytree(
            ROOT / "devstack", root / "devstack", ignore=shutil.ignore_patterns("demo", "__pycache__")
        )

    @property
    def said(self) -> str:
        """Return what the running stack has printed."""
        return self.output.read_text() if self.output.exists() else ""

    @property
    def pid(self) -> int:
        """Return the supervisor's process."""
        assert self.process is not None
        return self.process.pid

    def noted(self) -> dict[str, str]:
        """Return what the stack wrote into its lock."""
        noted: dict[str, str] = json.loads((self.root / ".run" / "lock").read_text())
        return noted

    def call(self, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run `python -m devstack …` to its end."""
        command = [sys.executable, "-m", "devstack", *words]
        return subprocess.run(
            command,
            cwd=self.root,
            env=self.env | env,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def start(self) -> None:
        """Start the stack and wait until it is ready."""
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "devstack", "run"],
                cwd=self.root,
                env=self.env,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_for(lambda: "Ctrl-C stops" in self.said or not is_running(self.pid))
        assert "Parvis is ready" in self.said, self.said

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Send a signal to the supervisor and return its exit code."""
        assert self.process is not None
        if self.process.poll() is None:
            os.kill(self.pid, number)
        return self.process.wait(40)
