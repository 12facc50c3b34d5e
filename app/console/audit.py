"""The audit log: who did what, newest first, and as a file."""

from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Response, request, url_for

from app.accounts.staffing import staff
from app.console.audit_file import rows
from app.console.audit_words import actor_name, describe, lines
from app.console.blueprint import bp
from app.core import audit
from app.core.clock import from_local, today
from app.core.context import current_city
from app.core.i18n import gettext as _
from app.web.gates import requires
from app.web.page import render
from app.web.paging import asked_before
from tenants import anchors

PER_PAGE = 50
SYSTEM = "system"
ASKED = ("q", "action", "actor", "since", "until")


@bp.get("/audit")
@requires("console.manage")
def audit_log() -> str:
    """Show one page of the log; older pages start where this one ends."""
    asked = {key: request.args.get(key, "") for key in ASKED}
    kept: dict[str, Any] = {key: value for key, value in asked.items() if value}
    found = lines(audit.latest(PER_PAGE + 1, before=asked_before(), search=_search()))
    more = found[PER_PAGE - 1].id if len(found) > PER_PAGE else None
    return render(
        "console/audit.html",
        lines=found[:PER_PAGE],
        actions=[
            ("", _("Everything")),
            *sorted(((a, describe(a)) for a in audit.actions()), key=lambda p: p[1]),
        ],
        actors=_actors(),
        asked=asked,
        checked=anchors.last_check(),
        older=url_for(".audit_log", before=more, **kept) if more else None,
        newest=url_for(".audit_log", **kept) if request.args.get("before") else None,
        file=url_for(".audit_csv", **kept),
        actor_url=lambda actor: url_for(".audit_log", actor=actor),
    )


@bp.get("/audit.csv")
@requires("console.manage")
def audit_csv() -> Response:
    """Send the whole log, or what the filters leave of it, as a table for spreadsheets."""
    name = f"audit-{current_city().slug}-{today().isoformat()}.csv"
    return Response(
        rows(_search()),
        mimetype="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


def _search() -> audit.Search:
    actor, until = request.args.get("actor", ""), _day("until")
    return audit.Search(
        words=request.args.get("q", "")[:200],
        action=request.args.get("action", ""),
        actor_id="" if actor == SYSTEM else actor,
        actor_kind=SYSTEM if actor == SYSTEM else "",
        since=_day("since"),
        until=until + timedelta(days=1) if until else None,
    )


def _day(name: str) -> datetime | None:
    """Return the beginning of a day that the address asks for; None for what is no day."""
    try:
        day = date.fromisoformat(request.args.get(name, ""))
        return from_local(datetime.combine(day, time()))
    except (ValueError, OverflowError):
        return None


def _actors() -> list[tuple[str, str]]:
    """Return the choices of the filter: the staff, the system, and whoever else is asked for."""
    people = [(str(person.id), person.name or person.email) for person in staff()]
    choices = [("", _("Everybody")), (SYSTEM, _("The system")), *people]
    asked = request.args.get("actor", "")
    if asked not in dict(choices):
        entry = next(iter(audit.latest(1, search=audit.Search(actor_id=asked))), None)
        choices.append((asked, _called(entry, asked)))
    return choices


def _called(entry: audit.AuditEntry | None, actor: str) -> str:
    if entry is None:
        return actor
    if entry.actor_id != actor:
        return entry.for_name or _("Somebody")
    return actor_name(entry.actor_kind, entry.actor_name)
