"""Lists in pages: always bounded, with real addresses for every page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from flask import request, url_for
from sqlalchemy import Select, func, select

from app.core.db import db
from app.core.errors import NotFound
from app.core.i18n import gettext as _

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list; `number` counts from 1, `total` is the length of the whole list."""

    items: Sequence[T]
    number: int
    pages: int
    total: int

    def url(self, number: int) -> str:
        """Return the address of another page of the list that is being shown, filters kept."""
        kept = {key: value for key, value in request.args.items() if key != "page"}
        if number > 1:
            kept["page"] = str(number)
        return url_for(request.endpoint or "", **{**(request.view_args or {}), **kept})


def asked_page() -> int:
    """Return the number of the page that the address asks for; 1 when it asks for none."""
    return request.args.get("page", 1, type=int)


def asked_before() -> UUID | None:
    """Return the entry of a log that the address asks for older ones of; raises NotFound for what is no entry."""
    asked = request.args.get("before")
    try:
        return UUID(asked) if asked else None
    except ValueError as error:
        raise NotFound(_("This list has no such page.")) from error


def paged(found: Select[T], *, number: int, per_page: int) -> Page[T]:
    """Return page `number` of what a query finds, in its order; raises NotFound beyond the last page."""
    counted = select(func.count()).select_from(found.order_by(None).subquery())
    total = db.session.scalar(counted) or 0
    pages = max(1, -(-total // per_page))
    if not 1 <= number <= pages:
        raise NotFound(_("This list has no such page."))
    items = db.session.scalars(found.limit(per_page).offset((number - 1) * per_page)).all()
    return Page(items, number, pages, total)
