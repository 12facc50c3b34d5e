"""Child processes that never outlive us, their logs, and free ports."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from .errors import StackError

IS_LINUX = sys.platform.startswith("linux")
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if IS_LINUX else None


def follow_parent(stop: signal.Signals) -> Callable[[], None]:
    """Return what a child runs before exec, so that the kernel sends it `stop` when we are killed.

    The kernel watches the thread that started the child: start children from the main thread.
    Elsewhere than on Linux nothing watches, and `kill -9` may leave children behind.
    """
    parent = os.getpid()

    def arm() -> None:
        if _libc is None:
            return
        # A shell that starts us in the background has us ignore Ctrl-C, and what is ignored stays so through exec.
        if stop is not signal.SIGKILL:
            signal.signal(stop, signal.SIG_DFL)
        _libc.prctl(_PR_SET_PDEATHSIG, int(stop), 0, 0, 0)
        # We may have been killed between fork and prctl; then nobody would ever send the signal.
        if os.getppid() != parent:
            os._exit(1)

    return arm


def spawn(
    command: Sequence[str | Path],
    *,
    log: Path,
    account: tuple[int, int] | None = None,
    keep_open: Sequence[int] = (),
    env: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a server that writes to `log`, in its own session, as another account when one is given."""
    uid, gid = account or (None, None)
    with log.open("ab") as out:
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd="/",
            env=env,
            user=uid,
            group=gid,
            extra_groups=None if account is None else [],
            pass_fds=keep_open,
            # Own session: the terminal's Ctrl-C reaches the supervisor alone, which stops things in order.
            start_new_session=True,
            # PDEATHSIG is cleared by a change of account; CPython runs this after it.
            preexec_fn=follow_parent(signal.SIGINT),  # noqa: PLW1509
        )


def end(
    process: subprocess.Popen[bytes],
    *signals: tuple[signal.Signals, float],
    hurry: Callable[[], bool] = lambda: False,
) -> bool:
    """Send each signal and give it its seconds; return whether the process had to be killed at last."""
    for sent, seconds in signals:
        if process.poll() is None and not hurry():
            process.send_signal(sent)
            _wait(process, seconds, hurry)
    if process.poll() is not None:
        return False
    kill_session(process)
    process.wait(10)
    return True


def _wait(process: subprocess.Popen[bytes], seconds: float, hurry: Callable[[], bool]) -> None:
    deadline = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < deadline and not hurry():
        time.sleep(0.02)


def kill_session(process: subprocess.Popen[bytes]) -> None:
    """Kill whatever is left of a process and of the pool it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def free_port(preferred: int | None = None, *, tries: int = 20) -> int:
    """Return the first free port from `preferred` on, else any free port of the loopback address."""
    wanted = [preferred + step for step in range(tries)] if preferred else []
    for port in [*wanted, 0]:
        if chosen := _bindable(port):
            return chosen
    raise StackError("There is no free port on 127.0.0.1.")


def _bindable(port: int) -> int | None:
    # A browser tries ::1 first for *.localhost, so a server there would answer in our place.
    if port and _answers("::1", port):
        return None
    with socket.socket() as probe:
        try:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            probe.listen(1)
        except (OSError, OverflowError):
            return None
        return int(probe.getsockname()[1])


def _answers(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), 0.2).close()
    except (OSError, OverflowError):
        return False
    return True


def tail(path: Path, lines: int = 15) -> str:
    """Return the last lines of a log, or nothing when there is none."""
    try:
        with path.open("rb") as log:
            log.seek(max(0, path.stat().st_size - 200 * lines))
            return "\n".join(log.read().decode(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
