"""Make the virtual environment and install what a lock file lists; run by the system's Python.

`python3 devstack/install.py VENV LOCK`. It needs nothing but the standard library and pip, and
copes with a Debian that has pip without the part of venv that would install it.
"""

import importlib.util
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

OLDEST = (3, 11)
_CHECK = f"import sys; sys.exit(sys.version_info < {OLDEST})"
_EVERY = 10


class InstallError(RuntimeError):
    """Say in one sentence what is missing."""


def main(words: Sequence[str]) -> int:
    """Bring the environment up to date with the lock file and return the exit code."""
    venv, lock = Path(words[0]), Path(words[1])
    try:
        if sys.version_info < OLDEST:
            raise InstallError(f"Parvis needs Python 3.11 or newer, and this is {sys.version.split()[0]}.")
        python = ensure_venv(venv)
        install(pip_for(python), lock)
    except InstallError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def ensure_venv(venv: Path) -> Path:
    """Return the environment's interpreter; a broken or outdated environment is made anew."""
    python = venv / "bin" / "python"
    if _runs([python, "-c", _CHECK]):
        return python
    started = time.monotonic()
    command = [sys.executable, "-m", "venv", "--clear", str(venv)]
    if importlib.util.find_spec("ensurepip") is None:
        command.insert(3, "--without-pip")
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode or not _runs([python, "-c", _CHECK]):
        raise InstallError(f"The virtual environment could not be made:\n{made.stdout}{made.stderr}")
    _tell(f"Virtual environment in {venv}", started)
    return python


def pip_for(python: Path) -> list[str]:
    """Return the pip command for the environment: its own, else the system's."""
    if _runs([python, "-m", "pip", "--version"]):
        return [str(python), "-m", "pip"]
    # --python came with pip 22.3.
    elsewhere = [sys.executable, "-m", "pip", "--python", str(python)]
    if _runs([*elsewhere, "--version"]):
        return elsewhere
    raise InstallError(
        "pip is missing. On Debian and Ubuntu: apt-get install python3-venv. Then run the same command again."
    )


def install(pip: Sequence[str], lock: Path) -> None:
    """Install the exact versions of the lock file, then the project itself as it lies here."""
    wanted = sum("==" in line for line in lock.read_text().splitlines())
    started = time.monotonic()
    print(f"  Installing {wanted} packages of {lock.name}; the first time takes about a minute.", flush=True)
    # A lock is complete: nothing is left to resolve.
    options = ["--disable-pip-version-check", "--no-input", "--no-deps"]
    _pip([*pip, "install", *options, "--progress-bar", "off", "-r", str(lock)], wanted)
    _pip([*pip, "install", *options, "--no-build-isolation", "--editable", "."], 0)
    _tell(f"Packages of {lock.name}", started)


def _pip(command: Sequence[str], wanted: int) -> None:
    said: list[str] = []
    fetched = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        for line in process.stdout or ():
            said.append(line)
            if line.startswith(("Collecting ", "Processing ")):
                fetched += 1
                if fetched % _EVERY == 0:
                    print(f"    {fetched} of {wanted} fetched", flush=True)
    if process.returncode:
        raise InstallError("".join(said[-20:]) + "Installing failed; pip says why above.")


def _runs(command: Sequence[str | Path]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _tell(title: str, started: float) -> None:
    print(f"  {title:<46} {time.monotonic() - started:6.1f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
