"""What an answer says: its headers, its cookie and its body, whatever the body is packed into."""

import gzip
import hashlib
import io
import tarfile
import zipfile
from typing import Any

from flask import Flask
from itsdangerous import BadData

READABLE = ("text/", "application/json", "application/xml", "application/atom+xml", "image/svg+xml")
MORE_READABLE = (
    "application/problem+json",
    "application/geo+json",
    "application/x-ndjson",
    "application/javascript",
    "application/rss+xml",
)
PICTURES = ("image/", "font/")


class Unreadable(Exception):
    """An answer of a kind that the suite cannot look into."""


def words_of(app: Flask, answer: Any) -> str:
    """Return all that an answer says, in lower case; raises Unreadable for a kind of body nobody can look into."""
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers)
    return f"{headers}\n{_cookie(app, answer)}\n{_body(answer)}".lower()


def is_download(answer: Any) -> bool:
    """Tell whether the answer is for keeping: an export, a feed, a table."""
    kind = str(answer.mimetype)
    if answer.status_code != 200 or kind.startswith(PICTURES):
        return False
    return "Content-Disposition" in answer.headers or kind not in ("text/html", "text/css", "text/javascript")


def digest(answer: Any) -> str:
    """Return the SHA-256 of the body, to know files by."""
    return hashlib.sha256(answer.data).hexdigest()


def unpacked(body: bytes) -> str:
    """Return the words of a file, whatever it is packed into."""
    return _inner(body)


def _body(answer: Any) -> str:
    kind, body = str(answer.mimetype), answer.data
    if not body or (kind.startswith(PICTURES) and kind != "image/svg+xml"):
        return ""
    if kind.startswith((*READABLE, *MORE_READABLE)):
        return str(body.decode("utf-8", "replace"))
    return _unpacked(body, kind)


def _unpacked(body: bytes, kind: str) -> str:
    """Return what is packed into an archive, its names first; raises Unreadable."""
    if zipfile.is_zipfile(io.BytesIO(body)):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return "\n".join(f"{name}\n{_inner(archive.read(name))}" for name in archive.namelist())
    if body[:2] == b"\x1f\x8b":
        return _inner(gzip.decompress(body))
    try:
        with tarfile.open(fileobj=io.BytesIO(body)) as archive:
            found = [(member.name, archive.extractfile(member)) for member in archive if member.isfile()]
            return "\n".join(f"{name}\n{_inner(part.read())}" for name, part in found if part)
    except tarfile.TarError:
        pass
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise Unreadable(kind) from None


def _inner(body: bytes) -> str:
    try:
        return _unpacked(body, "")
    except Unreadable:
        return body.decode("latin-1")


def _cookie(app: Flask, answer: Any) -> str:
    """Return what the cookie of the session holds, which is signed but not readable as it is."""
    signer: Any = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    found = []
    for line in answer.headers.getlist("Set-Cookie"):
        value = line.partition("=")[2].partition(";")[0]
        try:
            found.append(str(signer.loads(value)))
        except BadData:
            continue
    return "\n".join(found)
