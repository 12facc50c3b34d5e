"""PostgreSQL's own programs: where they are, and who may run them."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from app.core.errors import Invalid

DEBIAN = Path("/usr/lib/postgresql")


class _Manner(TypedDict):
    """As whom and where a program is run."""

    cwd: str
    env: dict[str, str]
    user: int | None
    group: int | None
    extra_groups: list[int] | None


@dataclass(frozen=True, slots=True)
class Programs:
    """The programs of one major version, run as somebody who is not root."""

    folder: Path
    account: tuple[int, int] | None

    def call(self, name: str, *words: str | Path) -> str:
        """Run a program to its end and return what it says; raises Invalid when it fails."""
        done = subprocess.run(  # noqa: S603
            self._words(name, *words), capture_output=True, text=True, check=False, **self._manner()
        )
        if done.returncode:
            raise Invalid(f"{name} says: {(done.stderr or done.stdout).strip()}")
        return done.stdout

    def start(self, name: str, *words: str | Path, log: Path) -> subprocess.Popen[bytes]:
        """Start a program that goes on running; what it says goes into `log`."""
        with log.open("ab") as out:
            return subprocess.Popen(  # noqa: S603
                self._words(name, *words), stdout=out, stderr=out, start_new_session=True, **self._manner()
            )

    def _words(self, name: str, *words: str | Path) -> list[str]:
        return [str(self.folder / name), *map(str, words)]

    def _manner(self) -> _Manner:
        uid, gid = self.account or (None, None)
        groups: list[int] | None = [] if self.account else None
        return {"cwd": "/", "env": _plain(), "user": uid, "group": gid, "extra_groups": groups}

    def own(self, folder: Path) -> None:
        """Give a folder with all in it to whoever runs the programs."""
        if self.account is None:
            return
        for path in (folder, *folder.rglob("*")):
            os.chown(path, *self.account, follow_symlinks=False)


def _plain() -> dict[str, str]:
    """Return our environment without what is meant for other servers, and in English, since logs are searched."""
    ours = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_", "LANG"))}
    return ours | {"LC_ALL": "C"}


def find(major: int, backup: Path, folder: Path | None) -> Programs:
    """Return the programs of a major version; raises Invalid when there are none of it here."""
    for place in [folder] if folder else list(_places(major)):
        server = place / "postgres"
        if server.is_file() and _major(server) == major:
            return Programs(place.resolve(), _account(backup))
    raise Invalid(
        f"The backup is of PostgreSQL {major}, and its programs are not here. Name their folder with --programs, or"
        " recover the backup where they are and give the address of that server with --from."
    )


def _places(major: int) -> Iterator[Path]:
    yield DEBIAN / str(major) / "bin"
    for name in ("postgres", "pg_ctl"):
        if found := shutil.which(name):
            yield Path(found).resolve().parent


def _major(server: Path) -> int:
    answer = subprocess.run([str(server), "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    version = answer.stdout.split()[2:3] if answer.returncode == 0 else []
    return int("".join(letter for letter in version[0].split(".")[0] if letter.isdigit())) if version else 0


def _account(backup: Path) -> tuple[int, int] | None:
    """Return who runs PostgreSQL, which refuses root: whoever owns the backup, else `postgres`; None: we do."""
    if os.geteuid() != 0:
        return None
    owner = backup.stat()
    if owner.st_uid != 0:
        return owner.st_uid, owner.st_gid
    try:
        entry = pwd.getpwnam("postgres")
    except KeyError:
        raise Invalid(
            "PostgreSQL refuses to run as root. Run this command as the owner of the backup, or make an account"
            " called postgres."
        ) from None
    return entry.pw_uid, entry.pw_gid
