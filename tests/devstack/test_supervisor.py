"""What dies is started again, but not for ever."""

import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from devstack import supervisor
from devstack.child import Child, Filter
from devstack.services import StackError
from devstack.services.process import tail
from devstack.supervisor import Supervisor

LIVES = "import time; print('up', flush=True); time.sleep(60)"
DIES = "import sys; sys.exit('the disk is full')"


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[str], Child]]:
    children: list[Child] = []

    def begin(script: str) -> Child:
        child = Child("web", [sys.executable, "-c", script], {}, tmp_path / "web.log")
        children.append(child)
        return child.start()

    yield begin
    for child in children:
        child.stop(hurry=lambda: True)


def step_until(watcher: Supervisor, condition: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        watcher.step()
        time.sleep(0.01)


def kill(child: Child) -> int:
    assert child.process is not None
    child.process.kill()
    child.process.wait()
    return child.process.pid


def test_a_killed_process_is_started_again_and_that_is_said(
    start: Callable[[str], Child], capsys: pytest.CaptureFixture[str]
) -> None:
    child, watcher = start(LIVES), Supervisor()
    watcher.watch(child)
    pid = kill(child)
    step_until(watcher, lambda: child.process is not None and child.process.pid != pid)
    said = capsys.readouterr().out
    assert "web was ended by signal 9; it is started again in 0.5 s." in said
    assert "web runs again." in said


def test_the_pauses_grow(
    start: Callable[[str], Child], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(supervisor, "FIRST_PAUSE", 0.01)
    child, watcher = start(DIES), Supervisor()
    watcher.watch(child)
    with pytest.raises(StackError):
        step_until(watcher, lambda: False)
    said = capsys.readouterr().out
    pauses = [line.rpartition(" in ")[2] for line in said.splitlines() if "started again" in line]
    assert pauses == ["0.01 s.", "0.02 s.", "0.04 s.", "0.08 s.", "0.16 s."]


def test_what_falls_too_often_ends_everything_with_its_last_words(
    start: Callable[[str], Child], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "FIRST_PAUSE", 0.001)
    child, watcher = start(DIES), Supervisor()
    watcher.watch(child)
    with pytest.raises(StackError, match=r"web ended 6 times within a minute.*(\n.*)*the disk is full"):
        step_until(watcher, lambda: False)


def test_falls_of_long_ago_are_forgotten(
    start: Callable[[str], Child], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "FIRST_PAUSE", 0.001)
    monkeypatch.setattr(supervisor, "WITHIN_SECONDS", 0.0)
    child, watcher = start(DIES), Supervisor()
    watcher.watch(child)
    step_until(watcher, lambda: tail(child.log, 50).count("the disk is full") > 8)


def test_the_pool_of_a_killed_process_ends_before_the_next_one_starts(
    start: Callable[[str], Child], tmp_path: Path
) -> None:
    script = (
        f"import os, time; os.fork() or open('{tmp_path}/pool', 'w').write(str(os.getpid())); time.sleep(60)"
    )
    child, watcher = start(script), Supervisor()
    watcher.watch(child)
    pool = tmp_path / "pool"
    step_until(watcher, lambda: pool.exists() and bool(pool.read_text()))
    orphan = Path(f"/proc/{pool.read_text()}")
    kill(child)
    step_until(watcher, lambda: not orphan.exists() or " Z " in (orphan / "stat").read_text())


def test_a_child_that_needs_longer_is_asked_in_another_way(tmp_path: Path) -> None:
    script = (
        "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "signal.signal(signal.SIGQUIT, lambda *_: sys.exit(3)); print('up', flush=True); time.sleep(60)"
    )
    stops = ((signal.SIGTERM, 0.1), (signal.SIGQUIT, 10.0))
    child = Child("worker", [sys.executable, "-c", script], {}, tmp_path / "log", stops=stops).start()
    deadline = time.monotonic() + 10
    while "up" not in tail(child.log) and time.monotonic() < deadline:
        time.sleep(0.02)
    child.stop()
    assert child.process is not None
    assert child.process.returncode == 3


def test_the_terminal_shows_warnings_with_what_follows_them_and_the_log_everything(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("LOGS", raising=False)
    shows = Filter()
    lines = [
        ("a banner", False),
        ("[INFO] started", False),
        ("[ERROR] request failed", True),
        ("Traceback (most recent call last):", True),
        ("  File somewhere", True),
        ('{"level": "info", "event": "error page shown"}', False),
        ("Traceback (most recent call last):", True),
    ]
    assert [(line, shows(line)) for line, _ in lines] == lines
    monkeypatch.setenv("LOGS", "1")
    assert Filter()("a banner")
