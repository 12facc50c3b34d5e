"""The servers that a measurement runs on: a PostgreSQL that keeps its promises, and a Valkey."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from devstack.services import Postgres, Valkey

SETTINGS = {
    "shared_buffers": "1GB",
    "max_connections": "200",
    "checkpoint_timeout": "15min",
    "max_wal_size": "4GB",
}
# Of another deployment on this machine.
FOREIGN = ("WEB_DATABASE_URL", "PLATFORM_DATABASE_URL", "SECRET_KEY", "BASE_DOMAIN", "PUBLIC_SCHEME", "PORT")


@dataclass(frozen=True, slots=True)
class Servers:
    """Both servers, and a folder for whatever else a measurement writes."""

    postgres: Postgres
    valkey: Valkey
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """Return what the product is told through its environment."""
        return {
            "DATABASE_URL": self.postgres.url,
            "REDIS_URL": self.valkey.url,
            "FILES_DIR": str(self.folder / "files"),
            "MAIL_URL": "null:",
        }

    def plain_url(self, database: str) -> str:
        """Return the address of a database as psycopg takes it."""
        base = self.postgres.url.replace("+psycopg", "")
        return base.replace(f"/{self.postgres.dbname}?", f"/{database}?")


@contextmanager
def servers() -> Iterator[Servers]:
    """Start both on a disk, with fsync as in earnest; all is removed at the end. BENCHMARK_DIR says where."""
    folder = Path(tempfile.mkdtemp(prefix="parvis-benchmark-", dir=os.environ.get("BENCHMARK_DIR")))
    # PostgreSQL's account has to pass through when we are root.
    folder.chmod(0o711)
    for name in FOREIGN:
        os.environ.pop(name, None)
    started = Servers(Postgres(folder, settings=SETTINGS), Valkey(folder, durable=False), folder)
    try:
        started.postgres.start()
        started.valkey.start()
        os.environ.update(started.environment)
        yield started
    finally:
        started.valkey.stop()
        started.postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)
