"""Files that people sent, given out by signed links: never as pages of the city's own."""

from collections.abc import Iterator
from typing import IO
from urllib.parse import quote
from uuid import UUID

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import Headers

from app.core.context import city_or_none
from app.services.files.kinds import FORMS, Kind
from app.services.files.links import follow
from app.services.files.uploads import open_row, shown_name

bp = Blueprint("files", __name__)
PIECE = 1 << 16
# Nothing that a file holds may act: it runs no script, loads nothing, is shown in nobody's frame.
SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"


@bp.get("/files/<uuid:file_id>/<token>")
def download(file_id: UUID, token: str) -> ResponseReturnValue:
    """Give a file out; a document to keep, a picture as we encoded it to be shown."""
    if city_or_none() is None:
        abort(404)
    row = follow(file_id, token)
    headers = Headers(
        {
            "Content-Length": str(row.bytes),
            "Cache-Control": "private, no-store",
            "Content-Security-Policy": SANDBOX,
            "Cross-Origin-Resource-Policy": "same-origin",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "X-Robots-Tag": "noindex",
        }
    )
    shown = "inline" if row.kind is Kind.PICTURE else "attachment"
    headers.set("Content-Disposition", _disposition(shown, shown_name(row)))
    return Response(_pieces(open_row(row)), headers=headers, content_type=_type(row.kind))


def _type(kind: Kind) -> str:
    media_type = FORMS[kind].media_type
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def _disposition(shown: str, name: str) -> str:
    """Return the header with the name in both forms (RFC 6266), so that no letter is lost."""
    plain = "".join(letter if letter.isascii() and letter not in '"\\%' else "_" for letter in name)
    return f"{shown}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    with stream:
        while piece := stream.read(PIECE):
            yield piece
