"""A server of its own, for a while, with the whole database as it was at a moment.

It is made from a copy of a base backup, replays the archived WAL up to the moment, listens on a Unix socket that only
its account reaches, and is removed with all its files at the end.
"""

import re
import shlex
import shutil
import signal
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from flask import current_app
from sqlalchemy import URL

from app.core.errors import Invalid
from tenants import owner
from tenants.rewind import programs
from tenants.rewind.programs import Programs

PORT = "5432"
POLL_SECONDS = 0.1
STOP_SECONDS = 30
TAIL = 12
# A standby refuses to replay when it has less of these than the server that wrote the WAL; pg_controldata tells.
AT_LEAST = {
    "max_connections setting": "max_connections",
    "max_worker_processes setting": "max_worker_processes",
    "max_wal_senders setting": "max_wal_senders",
    "max_prepared_xacts setting": "max_prepared_transactions",
    "max_locks_per_xact setting": "max_locks_per_transaction",
}
SETTINGS = {
    "listen_addresses": "",
    "port": PORT,
    "unix_socket_permissions": "0700",
    "hot_standby": "off",
    "archive_mode": "off",
    "recovery_target_action": "promote",
    # Thrown away at the end: nothing has to survive a crash.
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
TOO_YOUNG = "The base backup was not finished at {moment}. Take an older one, or name a later moment."
EXPLAINED = {
    "recovery ended before configured recovery target was reached": (
        "The archived WAL ends before {moment}. Wait until the WAL of that time is archived (SELECT pg_switch_wal()"
        " on the living server hastens it, and somebody has to write something after that moment), or name an"
        " earlier moment."
    ),
    "requested recovery stop point is before consistent recovery point": TOO_YOUNG,
    "could not locate required checkpoint record": (
        "The WAL from the time of the base backup is not in the archive. Take the folder that archive_command"
        " writes to."
    ),
    "has wrong size": (
        "A file of WAL in the archive is not whole. If it is being written, try again in a moment; let archive_command"
        " copy to another name first, then rename."
    ),
    "could not find redo location": "The WAL from the time of the base backup is not in the archive.",
}


@dataclass(frozen=True, slots=True)
class Backup:
    """A base backup as pg_basebackup writes it (plain or tar), and how archived WAL is fetched."""

    base: Path
    restore_command: str
    programs: Path | None = None
    """The folder of PostgreSQL's programs; None: look for them."""
    scratch: Path | None = None
    """Where there is room for a copy of the backup; None: the system's folder for temporary files."""


def from_folder(wal: Path) -> str:
    """Return the restore_command for WAL that archive_command copied into a folder, as it is or with gzip."""
    plain, packed = shlex.quote(f"{wal.resolve()}/") + "%f", shlex.quote(f"{wal.resolve()}/") + "%f.gz"
    return f"if [ -f {packed} ]; then gzip -dc {packed} > %p; else cp {plain} %p; fi"


@contextmanager
def recovered(backup: Backup, moment: datetime) -> Iterator[URL]:
    """Yield the address of a server with the database as it was at `moment`; raises Invalid when that cannot be had."""
    place = Path(tempfile.mkdtemp(prefix="parvis-rewind-", dir=backup.scratch))
    process: subprocess.Popen[bytes] | None = None
    try:
        data = _lay_out(backup.base, place)
        major = int((data / "PG_VERSION").read_text().strip())
        found = programs.find(major, _proof(backup.base), backup.programs)
        _configure(data, place, found, _target(backup, moment))
        process = found.start(
            "postgres", "-D", data, "-c", f"config_file={place / 'postgresql.conf'}", log=_log(place)
        )
        url = _address(place)
        _wait(process, url, place, moment)
        _must_be_older(data, url, moment)
        yield url
    finally:
        if process is not None:
            _stop(process)
        shutil.rmtree(place, ignore_errors=True)


def _proof(base: Path) -> Path:
    """Return a file of the backup, which tells whose it is."""
    return next(path for path in (base / "PG_VERSION", *_tars(base)) if path.is_file())


def _tars(base: Path) -> tuple[Path, ...]:
    return base / "base.tar", base / "base.tar.gz"


def _lay_out(base: Path, place: Path) -> Path:
    """Copy or unpack the backup, which stays as it is, and return the folder of the copy."""
    data = place / "data"
    tar = next((path for path in _tars(base) if path.is_file()), None)
    if tar is not None:
        _unpack(tar, data)
        for wal in (base / "pg_wal.tar", base / "pg_wal.tar.gz"):
            if wal.is_file():
                _unpack(wal, data / "pg_wal")
    elif (base / "PG_VERSION").is_file():
        _must_fit(base, place)
        shutil.copytree(base, data, symlinks=True)
    else:
        raise Invalid(f"{base} is no base backup: neither PG_VERSION nor base.tar is in it.")
    if not (data / "backup_label").is_file():
        raise Invalid(f"{base} has no backup_label: it is no base backup made by pg_basebackup.")
    spaces = data / "pg_tblspc"
    if spaces.is_dir() and any(spaces.iterdir()):
        raise Invalid(
            "The backup has tablespaces. Recover it by hand and give the server's address with --from."
        )
    for name in ("postmaster.pid", "postmaster.opts", "standby.signal"):
        (data / name).unlink(missing_ok=True)
    (data / "recovery.signal").touch()
    # What ALTER SYSTEM set, and pg_basebackup -R, would win over our settings.
    (data / "postgresql.auto.conf").write_text("")
    data.chmod(0o700)
    return data


def _unpack(tar: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(tar) as archive:
        archive.extractall(folder, filter="data")


def _must_fit(base: Path, place: Path) -> None:
    needed = sum(path.lstat().st_size for path in base.rglob("*") if path.is_file())
    free = shutil.disk_usage(place).free
    if needed > free:
        raise Invalid(
            f"The backup needs {needed >> 20} MB, and {place.parent} has {free >> 20} MB. Name a folder with more"
            " room with --scratch."
        )


def _target(backup: Backup, moment: datetime) -> dict[str, str]:
    return {
        "restore_command": backup.restore_command,
        "recovery_target_time": moment.astimezone(UTC).isoformat(sep=" "),
    }


def _configure(data: Path, place: Path, found: Programs, target: dict[str, str]) -> None:
    """Write a configuration of our own: that of the living server may name files that are not here."""
    hba, ident = place / "pg_hba.conf", place / "pg_ident.conf"
    hba.write_text("local all all trust\n")
    ident.touch()
    found.own(place)
    settings = SETTINGS | _as_large_as_before(found, data) | target
    settings |= {
        "unix_socket_directories": str(place),
        "hba_file": str(hba),
        "ident_file": str(ident),
    }
    lines = [f"{name} = '{_escaped(value)}'" for name, value in settings.items()]
    (place / "postgresql.conf").write_text("\n".join(lines) + "\n")


def _as_large_as_before(found: Programs, data: Path) -> dict[str, str]:
    said = found.call("pg_controldata", data)
    values = dict(line.split(":", 1) for line in said.splitlines() if ":" in line)
    return {name: values[label].strip() for label, name in AT_LEAST.items() if label in values}


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "''")


def _address(place: Path) -> URL:
    ours: URL = current_app.config["PARVIS"].database
    return URL.create(
        "postgresql+psycopg",
        username=ours.username,
        database=ours.database,
        query={"host": str(place), "port": PORT},
    )


def _wait(process: subprocess.Popen[bytes], url: URL, place: Path, moment: datetime) -> None:
    """Return when the server has replayed everything up to the moment and lets us in; however long that takes."""
    while process.poll() is None:
        try:
            with owner.connect(url):
                return
        except psycopg.OperationalError as error:
            if re.search(r"does not exist", str(error)):
                raise Invalid(f"The backup is of another deployment: {str(error).strip()}") from error
        time.sleep(POLL_SECONDS)
    raise Invalid(_why(_log(place), moment))


def _must_be_older(data: Path, url: URL, moment: datetime) -> None:
    """Refuse a moment before the backup: PostgreSQL itself notices that only when something was written since."""
    label = next(path for path in (data / "backup_label.old", data / "backup_label") if path.is_file())
    begun = re.search(r"^START TIME: (.+)$", label.read_text(), re.MULTILINE)
    with owner.connect(url) as server:
        # The label names a time zone as PostgreSQL does, and leaves fractions of a second out.
        row = server.execute(
            "SELECT CAST(%s AS timestamptz) + interval '1 second' <= %s", [begun[1] if begun else "", moment]
        ).fetchone()
    if row is None or not row[0]:
        raise Invalid(TOO_YOUNG.format(moment=moment.isoformat(sep=" ")))


def _why(log: Path, moment: datetime) -> str:
    said = log.read_text(errors="replace")
    for words, explained in EXPLAINED.items():
        if words in said:
            return explained.format(moment=moment.isoformat(sep=" "))
    last = "\n".join(said.splitlines()[-TAIL:])
    return f"PostgreSQL did not recover the backup. It says:\n{last}"


def _log(place: Path) -> Path:
    return place / "postgres.log"


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    # At once: everything it has is thrown away.
    process.send_signal(signal.SIGQUIT)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
