"""Files in a bucket of any server that speaks S3: below a prefix for each city, named by its id."""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BufferedIOBase
from typing import IO, cast
from urllib.parse import parse_qs, unquote, urlsplit

from minio import Minio
from minio.commonconfig import CopySource
from minio.error import S3Error
from urllib3 import BaseHTTPResponse

from app.core.stores.kept import Kept

# Larger ones go up in parts; the client holds one part at a time.
PART = 10 << 20
_GONE = frozenset({"NoSuchKey", "NoSuchObject", "NoSuchVersion"})


class BucketStore:
    """Objects called `<city id>/<name>` in one bucket."""

    def __init__(self, client: Minio, bucket: str) -> None:
        self.client, self.bucket = client, bucket

    @classmethod
    def at(cls, url: str) -> "BucketStore":
        """Return the store at `s3://key:secret@host/bucket?region=…`; `&tls=no` for a server beside us."""
        parts = urlsplit(url)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        bucket = parts.path.strip("/")
        if not parts.hostname or not bucket or "/" in bucket:
            raise ValueError("FILES_URL names a host and one bucket: s3://key:secret@host/bucket?region=…")
        client = Minio(
            f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname,
            access_key=unquote(parts.username or ""),
            secret_key=unquote(parts.password or ""),
            region=asked.get("region", "us-east-1"),
            secure=asked.get("tls", "yes") != "no",
        )
        return cls(client, bucket)

    def put(self, city_id: str, name: str, stream: IO[bytes], size: int) -> None:
        """Send the object; it appears when all of it has come."""
        self.client.put_object(
            self.bucket,
            _key(city_id, name),
            cast("BufferedIOBase", stream),  # type: ignore[arg-type]
            size,
            part_size=PART,
            num_parallel_uploads=1,
        )

    def open(self, city_id: str, name: str) -> IO[bytes]:
        """Begin to fetch the object."""
        try:
            answer = self.client.get_object(self.bucket, _key(city_id, name))
        except S3Error as error:
            raise _as_missing(error) from error
        return cast("IO[bytes]", Fetched(answer))

    def has(self, city_id: str, name: str) -> bool:
        """Ask for the object's head."""
        try:
            self.client.stat_object(self.bucket, _key(city_id, name))
        except S3Error as error:
            if error.code in _GONE:
                return False
            raise
        return True

    def move(self, city_id: str, name: str, to: str) -> None:
        """Have the server copy the object, then delete the first one."""
        source = CopySource(self.bucket, _key(city_id, name))
        try:
            self.client.copy_object(self.bucket, _key(city_id, to), source)
        except S3Error as error:
            if error.code in _GONE:
                return
            raise
        self.remove(city_id, name)

    def remove(self, city_id: str, name: str) -> None:
        """Delete the object."""
        self.client.remove_object(self.bucket, _key(city_id, name))

    def kept(self, city_id: str) -> Iterator[Kept]:
        """List what begins with the city's prefix."""
        prefix = f"{city_id}/"
        for found in self.client.list_objects(self.bucket, prefix=prefix, recursive=True):
            name = str(found.object_name).removeprefix(prefix)
            yield Kept(name, found.size or 0, found.last_modified or datetime.now(UTC))


class Fetched(BufferedIOBase):
    """What is being fetched, as a file; closing it gives the connection back."""

    def __init__(self, answer: BaseHTTPResponse) -> None:
        self._answer = answer

    def readable(self) -> bool:
        """Return True."""
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        """Return the next bytes."""
        return self._answer.read(None if size is None or size < 0 else size)

    def close(self) -> None:
        """Let go of the connection."""
        if not self.closed:
            self._answer.close()
            self._answer.release_conn()
        super().close()


def _key(city_id: str, name: str) -> str:
    if not city_id or not name or name.startswith("/") or ".." in name.split("/") or "\0" in name:
        raise FileNotFoundError("no name of a city's file")
    return f"{city_id}/{name}"


def _as_missing(error: S3Error) -> Exception:
    return FileNotFoundError(error.code) if error.code in _GONE else error
