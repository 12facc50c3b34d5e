"""Data protection: the register of processing, what was removed at night, what people asked for."""

import json
from datetime import datetime, timedelta

from flask import Response
from sqlalchemy import func, select

from app.accounts.privacy import retention
from app.accounts.privacy.register import as_document, register
from app.console.blueprint import bp
from app.core.audit import AuditEntry
from app.core.clock import now, today
from app.core.context import current_city
from app.core.db import db
from app.core.i18n import gettext as _
from app.core.people import HOLDINGS
from app.web.gates import requires
from app.web.page import render
from app.web.spreadsheets import BYTE_ORDER_MARK, csv_lines

YEAR = timedelta(days=365)
SHOWN_RUNS = 10


@bp.get("/privacy")
@requires("console.manage")
def privacy() -> str:
    """Show the register, the last nights and the numbers of the last year."""
    titles = {name: str(one.title) for name, one in HOLDINGS.items()}
    nights = [
        (run.at, [(titles.get(name, name), number) for name, number in run.removed.items()], run.failed)
        for run in retention.runs()[:SHOWN_RUNS]
    ]
    since = now() - YEAR
    return render(
        "console/privacy.html",
        lines=register(),
        nights=nights,
        asked=_number("privacy.data_asked", since),
        left=_number("privacy.left", since),
    )


@bp.get("/privacy/register.json")
@requires("console.manage")
def register_json() -> Response:
    """Send the register for programs."""
    text = json.dumps(as_document(), ensure_ascii=False, indent=2)
    return _file(text, "json", "application/json")


@bp.get("/privacy/register.csv")
@requires("console.manage")
def register_csv() -> Response:
    """Send the register as a table for spreadsheets, who is responsible in each line."""
    heads = (
        _("Controller"),
        _("Contact"),
        _("Part"),
        _("Personal data"),
        _("Persons"),
        _("Purpose"),
        _("Legal basis"),
        _("Kept"),
        _("Recipients"),
        _("Transfers to other countries"),
        _("Module is on"),
    )
    city = current_city()
    rows = [
        (
            city.name,
            city.contact_email,
            line.part,
            line.data,
            line.people,
            line.purpose,
            line.basis,
            line.kept,
            line.recipients,
            line.transfers,
            _("Yes") if line.on else _("No"),
        )
        for line in register()
    ]
    return _file(BYTE_ORDER_MARK + csv_lines([heads, *rows]), "csv", "text/csv; charset=utf-8")


def _file(text: str, ending: str, kind: str) -> Response:
    name = f"register-{current_city().slug}-{today().isoformat()}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(text, mimetype=kind, headers=headers)


def _number(action: str, since: datetime) -> int:
    found = select(func.count()).select_from(AuditEntry)
    return db.session.scalar(found.where(AuditEntry.action == action, AuditEntry.at >= since)) or 0
