"""Who runs PostgreSQL: we, or an unprivileged account when we are root, which PostgreSQL refuses."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from .errors import StackError


@dataclass(frozen=True, slots=True)
class Account:
    """A user that initdb accepts: not root, and with an entry in the list of users."""

    uid: int
    gid: int
    name: str
    is_other: bool

    @property
    def switch(self) -> tuple[int, int] | None:
        """Return the ids to change to, or nothing when we stay who we are."""
        return (self.uid, self.gid) if self.is_other else None

    def own(self, path: Path) -> None:
        """Give a directory to the account."""
        if self.is_other:
            os.chown(path, self.uid, self.gid)


def pick_account() -> Account:
    """Return ourselves, or for root the account `postgres` or `nobody`."""
    uid = os.geteuid()
    if uid == 0:
        return _unprivileged()
    try:
        me = pwd.getpwuid(uid)
    except KeyError:
        raise StackError(
            f"User {uid} has no entry in /etc/passwd, which PostgreSQL needs. "
            "Set DATABASE_URL to an existing server instead."
        ) from None
    return Account(me.pw_uid, me.pw_gid, me.pw_name, is_other=False)


def _unprivileged() -> Account:
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid:
            return Account(entry.pw_uid, entry.pw_gid, name, is_other=True)
    raise StackError(
        "PostgreSQL refuses to run as root, and there is no account 'postgres' or 'nobody'. "
        "Run as an ordinary user, or set DATABASE_URL to an existing server."
    )


def anybody_reaches(path: Path) -> bool:
    """Tell whether every directory on the way may be entered by any account."""
    real = path.resolve()
    return all(place.stat().st_mode & stat.S_IXOTH for place in (real, *real.parents))
