"""The audit log as CSV, written while it is read."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from itertools import chain

from flask import Flask, current_app

from app.core import audit
from app.core.clock import local
from app.core.context import City, current_city, serving
from app.core.db import end_transaction
from app.core.i18n import gettext as _
from app.web.spreadsheets import BYTE_ORDER_MARK, plain_cell

BATCH = 500


def rows(filters: Mapping[str, str]) -> Iterator[str]:
    """Return the file in pieces, newest entry first; never holds more than one batch."""
    heads = (_("Time"), _("Who"), _("Person"), _("Action"), _("Subject"), _("Details"))
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    return chain([BYTE_ORDER_MARK + _csv([heads])], _batches(app, current_city(), filters))


def _batches(app: Flask, city: City, filters: Mapping[str, str]) -> Iterator[str]:
    """Yield the entries; the request is over by then, so each batch enters the city anew."""
    before = None
    while True:
        with app.app_context(), serving(city):
            batch = audit.latest(BATCH, before=before, filters=filters)
            piece = _csv([_row(entry) for entry in batch])
            before = batch[-1].id if batch else None
            end_transaction(keep=False)
        if before is None:
            return
        yield piece


def _row(entry: audit.AuditEntry) -> tuple[str, ...]:
    details = json.dumps(entry.details, ensure_ascii=False, sort_keys=True) if entry.details else ""
    cells = (entry.actor_kind, entry.actor_name, entry.action, entry.subject, details)
    return (local(entry.at).isoformat(timespec="seconds"), *(plain_cell(cell) for cell in cells))


def _csv(lines: list[tuple[str, ...]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(lines)
    return out.getvalue()
