"""Child processes, ports, logs and scratch directories."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from devstack.services import scratch_dir
from devstack.services.process import end, free_port, spawn, tail

SLEEPER = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)",
]


def wait_for(condition, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_the_preferred_port_is_taken_when_it_is_free() -> None:
    port = free_port()
    assert free_port(port) == port


def test_a_port_in_use_gives_way_to_the_next() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken = server.getsockname()[1]
        assert free_port(taken) != taken


def test_a_port_that_only_ipv6_uses_is_in_use_as_well() -> None:
    try:
        server = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("this machine has no IPv6")
    with server:
        taken = server.getsockname()[1]
        assert free_port(taken) != taken


def test_the_end_of_a_log_is_read_without_the_rest(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("".join(f"line {number}\n" for number in range(10_000)))
    assert tail(log, 2) == "line 9998\nline 9999"
    assert tail(tmp_path / "none") == ""


def test_a_process_that_ignores_signals_is_killed(tmp_path: Path) -> None:
    process = spawn(STUBBORN, log=tmp_path / "log")
    wait_for(lambda: tail(tmp_path / "log") == "up")
    assert end(process, (signal.SIGTERM, 0.1))
    assert process.returncode == -signal.SIGKILL


def test_somebody_in_a_hurry_does_not_wait_for_signals(tmp_path: Path) -> None:
    process = spawn(STUBBORN, log=tmp_path / "log")
    wait_for(lambda: tail(tmp_path / "log") == "up")
    started = time.monotonic()
    end(process, (signal.SIGTERM, 30), hurry=lambda: True)
    assert time.monotonic() - started < 5


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of their parent's death")
def test_children_end_with_a_parent_that_was_killed(tmp_path: Path, clean_env: dict[str, str]) -> None:
    script = (
        "import pathlib, sys, time; from devstack.services.process import spawn;"
        "child = spawn([sys.executable, '-c', 'import time; time.sleep(60)'], log=pathlib.Path(sys.argv[1]));"
        "print(child.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script, tmp_path / "log"], env=clean_env, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert is_running(child)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    wait_for(lambda: not is_running(child))


def test_scratch_directories_of_killed_runs_are_removed_and_others_are_not(
    clean_env: dict[str, str],
) -> None:
    script = (
        "import os, sys; from devstack.services import scratch_dir;"
        "print(scratch_dir(), flush=True); sys.stdin.read(1); os.kill(os.getpid(), 9)"
    )
    command = [sys.executable, "-c", script]
    run = subprocess.Popen(command, env=clean_env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert run.stdout is not None
    left = Path(run.stdout.readline().strip())
    mine = scratch_dir()
    assert left.exists()
    run.communicate("x")
    assert left.exists()
    again = scratch_dir()
    assert not left.exists()
    assert mine.exists()
    assert again.exists()
    assert os.access(mine, os.W_OK)
