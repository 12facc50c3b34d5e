"""Lists in pages that stay right while entries come and go: the next page begins after the last entry of this one."""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from flask import request
from sqlalchemy import ColumnElement, Select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from app.core.context import current_city
from app.core.db import db
from app.core.errors import NotFound
from app.core.i18n import gettext as _
from app.core.ids import keyed_hash
from app.web.rest.paths import whole
from app.web.rest.schemas import Listing, Paging

T = TypeVar("T")
SIGNATURE = 16


def listing(
    found: Select[T],
    by: Sequence[InstrumentedAttribute[Any]],
    asked: Paging,
    *,
    rising: bool = False,
) -> tuple[Sequence[T], str | None]:
    """Return a page of what a query finds and the address of the next one.

    `by` are columns which together are different for every entry, the last of them unique; the newest come first unless
    they are `rising`. Raises NotFound for a cursor that is none of this list's.
    """
    columns = [column if rising else column.desc() for column in by]
    if asked.cursor is not None:
        after = tuple_(*_read(asked.cursor, by))
        place: ColumnElement[Any] = tuple_(*by)
        found = found.where(place > after if rising else place < after)
    rows = db.session.scalars(found.order_by(*columns).limit(asked.limit + 1)).all()
    page = rows[: asked.limit]
    if len(rows) <= asked.limit:
        return page, None
    last = [getattr(page[-1], column.key) for column in by]
    query = {**request.args.to_dict(), "limit": str(asked.limit), "cursor": _write(last)}
    return page, whole(f"{request.path}?{urlencode(query)}")


def listed(items: Sequence[T], following: str | None) -> Listing[T]:
    """Return the answer for a page of a list."""
    return Listing(items=list(items), next=following)


def _write(values: Sequence[Any]) -> str:
    raw = json.dumps(values, default=_plain, separators=(",", ":")).encode()
    return urlsafe_b64encode(_signature(raw) + raw).decode().rstrip("=")


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _read(cursor: str, by: Sequence[InstrumentedAttribute[Any]]) -> list[object]:
    try:
        whole = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
    except ValueError:
        whole = b""
    signature, raw = whole[:SIGNATURE], whole[SIGNATURE:]
    if not hmac.compare_digest(signature, _signature(raw)):
        raise NotFound(_("This list has no such page."))
    return [_typed(text, column) for text, column in zip(json.loads(raw), by, strict=True)]


def _typed(value: object, column: InstrumentedAttribute[Any]) -> object:
    kind = column.type.python_type
    if kind is datetime:
        return datetime.fromisoformat(str(value))
    return UUID(str(value)) if kind is UUID else value


def _signature(raw: bytes) -> bytes:
    """Sign a place for one list of one city: elsewhere it means nothing."""
    here = f"{current_city().id} {request.endpoint}".encode()
    return keyed_hash("cursor of a list", here, raw)[:SIGNATURE]
