"""Making a PostgreSQL cluster, and calling PostgreSQL's programs as the right account."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .account import Account
from .errors import StackError

OWNER = "parvis"


@dataclass(frozen=True, slots=True)
class Programs:
    """Where PostgreSQL's programs are, of which version, and who runs them."""

    home: Path
    version: str
    account: Account

    @property
    def major(self) -> int:
        """Return the version that decides about the format of the data."""
        return int(self.version.split(".")[0])

    def call(self, name: str, *words: str | Path, text: str = "") -> subprocess.CompletedProcess[str]:
        """Run a program to its end."""
        uid, gid = self.account.switch or (None, None)
        return subprocess.run(
            [str(self.home / "bin" / name), *map(str, words)],
            input=text,
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env=plain_env(),
            user=uid,
            group=gid,
            extra_groups=[] if self.account.is_other else None,
        )


def plain_env() -> dict[str, str]:
    """Return our environment without what is meant for other servers, and in English, since logs are searched."""
    ours = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_", "LANG"))}
    return ours | {"LC_ALL": "C"}


def ensure_cluster(data: Path, programs: Programs, *, durable: bool) -> None:
    """Make the cluster unless it is there; refuse a directory that is something else or somebody else's."""
    if not data.exists():
        _make(data, programs, durable=durable)
        return
    if data.stat().st_uid != programs.account.uid:
        raise StackError(
            f"{data} belongs to another account than {programs.account.name}, who would run PostgreSQL now. "
            "Run as whoever made it, or start afresh with 'make reset'."
        )
    if not (data / "PG_VERSION").exists():
        raise StackError(f"{data} exists but holds no database. 'make reset' starts afresh.")


def _make(data: Path, programs: Programs, *, durable: bool) -> None:
    unfinished = data.with_name(f"{data.name}.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    programs.account.own(unfinished)
    made = programs.call("initdb", "-D", unfinished, "-U", OWNER, *_options(programs.major, durable=durable))
    if made.returncode:
        raise StackError(f"PostgreSQL could not make its cluster:\n{made.stdout}{made.stderr}")
    # Renamed when whole, so that an interrupted initdb is never taken for a cluster.
    unfinished.rename(data)


def _options(major: int, *, durable: bool) -> Sequence[str]:
    options = ["--auth=trust", "--encoding=UTF8", "--locale=C"]
    # The built-in locale knows the letters of every language, whatever the machine has installed.
    if major >= 17:
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return options if durable else [*options, "--no-sync"]
