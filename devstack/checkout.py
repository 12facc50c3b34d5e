"""One stack in one checkout: where its data lies, who holds it, and its secret."""

import fcntl
import json
import os
import secrets
import uuid
from pathlib import Path
from typing import TextIO

from .services.account import anybody_reaches
from .services.errors import StackError

ROOT = Path(__file__).resolve().parent.parent
_FOR_ROOT = Path("/var/lib/parvis-devstack")
_LOG_LIMIT = 10_000_000


def state_dir(checkout: Path = ROOT) -> Path:
    """Return where the data lies: `.run`, or for root a place that other accounts reach."""
    try:
        place = _choose(checkout)
        place.mkdir(parents=True, exist_ok=True)
        # Root gives the cluster to another account, which has to pass through.
        place.chmod(0o711 if os.geteuid() == 0 else 0o700)
    except PermissionError as error:
        raise StackError(
            f"{error.filename} is not writable. Set DEVSTACK_DIR to a directory of yours."
        ) from None
    return place


def _choose(checkout: Path) -> Path:
    if chosen := os.environ.get("DEVSTACK_DIR"):
        return Path(chosen).resolve()
    local = checkout / ".run"
    if os.geteuid() != 0 or anybody_reaches(checkout):
        return local
    # The name is kept in the checkout, so that a new clone in the old place starts without the old data.
    local.mkdir(exist_ok=True)
    name = local / "place"
    if not name.exists():
        name.write_text(uuid.uuid4().hex[:12])
    return _FOR_ROOT / name.read_text().strip()


class Hold:
    """The lock that keeps a second stack out of the same data, and what its holder noted in it."""

    def __init__(self, state: Path) -> None:
        self._path = state / "lock"
        self._file: TextIO | None = None
        self.left_by: dict[str, str] = {}

    def take(self) -> None:
        """Take the lock, or say who has it; afterwards `left_by` tells of a run that was killed."""
        file = self._path.open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = _read(file)
            file.close()
            raise StackError(_already_running(holder)) from None
        left = _read(file)
        self.left_by = {} if left.get("state") == "stopped" else left
        self._file = file

    def note(self, state: str, **facts: str) -> None:
        """Write down what a second run should be told."""
        if self._file is None:
            return
        self._file.seek(0)
        self._file.truncate()
        json.dump({"state": state, "pid": str(os.getpid()), **facts}, self._file)
        self._file.flush()

    def release(self) -> None:
        """Let the next one in."""
        if self._file is not None:
            self.note("stopped")
            self._file.close()
            self._file = None


def _read(file: TextIO) -> dict[str, str]:
    file.seek(0)
    try:
        noted = json.load(file)
    except ValueError:
        return {}
    return {str(key): str(value) for key, value in noted.items()} if isinstance(noted, dict) else {}


def _already_running(holder: dict[str, str]) -> str:
    process = f"process {holder['pid']}" if "pid" in holder else "another process"
    where = f", at {holder['url']}" if "url" in holder else ""
    return f"Parvis already runs in this checkout ({process}{where}). Stop it there with Ctrl-C first."


def secret_key(state: Path) -> str:
    """Return the key of this checkout, made at the first start."""
    file = state / "secret_key"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_hex(32))
    return file.read_text()


def trim_logs(state: Path) -> None:
    """Put logs that have grown too long aside, and forget those put aside before."""
    for log in state.glob("*.log"):
        if log.stat().st_size > _LOG_LIMIT:
            log.replace(log.with_suffix(".log.old"))
