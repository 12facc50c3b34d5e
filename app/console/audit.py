"""The audit log: who did what, newest first, and as a file."""

from flask import Response, request, url_for

from app.accounts.staffing import staff
from app.console.audit_file import rows
from app.console.audit_words import actor_name, describe, lines
from app.console.blueprint import bp
from app.core import audit
from app.core.clock import today
from app.core.context import current_city
from app.core.i18n import gettext as _
from app.web.gates import requires
from app.web.page import render
from app.web.paging import asked_before

PER_PAGE = 50
SYSTEM = "system"


@bp.get("/audit")
@requires("console.manage")
def audit_log() -> str:
    """Show one page of the log; older pages start where this one ends."""
    filters = _filters()
    found = lines(audit.latest(PER_PAGE + 1, before=asked_before(), filters=filters))
    more = found[PER_PAGE - 1].id if len(found) > PER_PAGE else None
    action, actor = (request.args.get(key) or None for key in ("action", "actor"))
    return render(
        "console/audit.html",
        lines=found[:PER_PAGE],
        actions=[
            ("", _("Everything")),
            *sorted(((a, describe(a)) for a in audit.actions()), key=lambda p: p[1]),
        ],
        actors=_actors(),
        action=action or "",
        actor=actor or "",
        older=url_for(".audit_log", before=more, action=action, actor=actor) if more else None,
        newest=url_for(".audit_log", action=action, actor=actor) if request.args.get("before") else None,
        file=url_for(".audit_csv", action=action, actor=actor),
        actor_url=lambda actor: url_for(".audit_log", actor=actor),
    )


@bp.get("/audit.csv")
@requires("console.manage")
def audit_csv() -> Response:
    """Send the whole log, or what the filters leave of it, as a table for spreadsheets."""
    name = f"audit-{current_city().slug}-{today().isoformat()}.csv"
    return Response(
        rows(_filters()),
        mimetype="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


def _filters() -> dict[str, str]:
    filters = {}
    if action := request.args.get("action"):
        filters["action"] = action
    if actor := request.args.get("actor"):
        filters["actor_kind" if actor == SYSTEM else "actor_id"] = actor
    return filters


def _actors() -> list[tuple[str, str]]:
    """Return the choices of the filter: the staff, the system, and whoever else is asked for."""
    people = [(str(person.id), person.name or person.email) for person in staff()]
    choices = [("", _("Everybody")), (SYSTEM, _("The system")), *people]
    asked = request.args.get("actor", "")
    if asked not in dict(choices):
        entry = next(iter(audit.latest(1, filters={"actor_id": asked})), None)
        choices.append((asked, actor_name(entry.actor_kind, entry.actor_name) if entry else asked))
    return choices
