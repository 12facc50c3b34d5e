"""Directories for test servers, in memory when possible, which a killed run does not leave for ever."""

import atexit
import fcntl
import os
import shutil
import tempfile
from pathlib import Path

_PREFIX = "parvis-test-"
_NEEDED_BYTES = 1 << 30
_held: list[int] = []


def scratch_dir() -> Path:
    """Return a new directory that is removed at exit, and remove those of runs that were killed."""
    parent = _parent()
    _sweep(parent)
    place = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
    # PostgreSQL's account has to pass through when we are root.
    place.chmod(0o711)
    _held.append(_hold(place))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    return place


def _parent() -> Path:
    memory = Path("/dev/shm")  # noqa: S108
    if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _NEEDED_BYTES:
        return memory
    return Path(tempfile.gettempdir())


def _hold(place: Path) -> int:
    # The lock ends with the process, however it ends; what it is on is nobody's any more.
    handle = os.open(place / "owner", os.O_CREAT | os.O_RDWR, 0o600)
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return handle


def _sweep(parent: Path) -> None:
    for place in parent.glob(f"{_PREFIX}*"):
        try:
            handle = os.open(place / "owner", os.O_RDWR)
        except OSError:
            continue
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(place, ignore_errors=True)
        except OSError:
            continue
        finally:
            os.close(handle)
