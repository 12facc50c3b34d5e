"""The audit log as CSV, written while it is read."""

import json
from collections.abc import Iterator
from itertools import chain

from flask import Flask, current_app

from app.core import audit
from app.core.clock import local
from app.core.context import City, current_city, serving
from app.core.db import end_transaction
from app.core.i18n import gettext as _
from app.web.spreadsheets import BYTE_ORDER_MARK, csv_lines

BATCH = 500


def rows(search: audit.Search) -> Iterator[str]:
    """Return the file in pieces, newest entry first; never holds more than one batch."""
    heads = (_("Time"), _("Who"), _("Person"), _("On behalf of"), _("Action"), _("Subject"), _("Details"))
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    return chain([BYTE_ORDER_MARK + csv_lines([heads])], _batches(app, current_city(), search))


def _batches(app: Flask, city: City, search: audit.Search) -> Iterator[str]:
    """Yield the entries; the request is over by then, so each batch enters the city anew."""
    before = None
    while True:
        with app.app_context(), serving(city):
            batch = audit.latest(BATCH, before=before, search=search)
            piece = csv_lines([_row(entry) for entry in batch])
            before = batch[-1].id if batch else None
            end_transaction(keep=False)
        if before is None:
            return
        yield piece


def _row(entry: audit.AuditEntry) -> tuple[str, ...]:
    details = json.dumps(entry.details, ensure_ascii=False, sort_keys=True) if entry.details else ""
    cells = (entry.actor_kind, entry.actor_name, entry.for_name, entry.action, entry.subject, details)
    return (local(entry.at).isoformat(timespec="seconds"), *cells)
