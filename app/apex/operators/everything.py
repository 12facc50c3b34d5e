"""What happens on the whole platform: operations on any city, and the journal of operators, shell and system."""

from collections.abc import Mapping

from flask import request, url_for
from sqlalchemy import select

from app.accounts.operators import people
from app.apex.operators import figures
from app.apex.operators.blueprint import bp
from app.apex.operators.frame import actor_name
from app.apex.operators.words import action_label, detail_labels, operation_label
from app.core.audit import Detail
from app.core.db import db
from app.core.i18n import gettext as _
from app.web.page import render
from app.web.paging import asked_before, asked_page, paged
from tenants.models import Operation, OperationState, PlatformEntry

PER_PAGE = 50
SHELL, SYSTEM = "shell", "system"


@bp.get("/operations")
def all_operations() -> str:
    """List the operations, the newest first; filtered by state."""
    wanted = request.args.get("state", "")
    found = select(Operation).order_by(Operation.asked_at.desc(), Operation.id.desc())
    if wanted in set(OperationState):
        found = found.where(Operation.state == OperationState(wanted))
    page = paged(found, number=asked_page(), per_page=PER_PAGE)
    return render(
        "operators/operations.html",
        page=page,
        names=figures.names_of([o.city_id for o in page.items if o.city_id]),
        state=wanted,
        states=[("", _("All")), *((state.value, operation_label(state)[0]) for state in OperationState)],
    )


@bp.get("/journal")
def journal() -> str:
    """Show one page of the journal; older pages start where this one ends."""
    asked = {key: request.args.get(key, "") for key in ("action", "actor", "city")}
    found = select(PlatformEntry).order_by(PlatformEntry.id.desc()).limit(PER_PAGE + 1)
    if asked["action"]:
        found = found.where(PlatformEntry.action == asked["action"])
    if asked["city"]:
        found = found.where(PlatformEntry.city_id == figures.id_of(asked["city"]))
    if asked["actor"]:
        found = found.where(PlatformEntry.actor.startswith(asked["actor"], autoescape=True))
    before = asked_before()
    if before is not None:
        found = found.where(PlatformEntry.id < before)
    entries = db.session.scalars(found).all()
    shown, more = entries[:PER_PAGE], len(entries) > PER_PAGE
    return render(
        "operators/journal.html",
        entries=shown,
        names=figures.names_of([entry.city_id for entry in shown if entry.city_id]),
        action_label=action_label,
        detail_lines=_details,
        asked=asked,
        actions=_actions(),
        actors=[
            ("", _("Everybody")),
            (SYSTEM, _("The system")),
            (SHELL, _("The shell")),
            *((f"operator {operator.id}", operator.name) for operator in people.everybody()),
        ],
        older=_url(asked, before=str(shown[-1].id)) if more else None,
        newest=_url(asked) if before else None,
    )


def _details(details: Mapping[str, Detail]) -> list[str]:
    """Return what is told of an act, in words; numbers of things that have no page are left to the database."""
    labels = detail_labels()
    shown = {key: value for key, value in details.items() if key not in ("visit", "signup")}
    return [
        _("%(what)s: %(value)s", what=labels.get(key, key), value=_value(key, value))
        for key, value in shown.items()
    ]


def _value(key: str, value: Detail) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return actor_name(f"operator {value}") if key == "operator" else str(value)


def _url(asked: dict[str, str], *, before: str | None = None) -> str:
    return url_for(
        ".journal",
        before=before,
        action=asked["action"] or None,
        actor=asked["actor"] or None,
        city=asked["city"] or None,
    )


def _actions() -> list[tuple[str, str]]:
    """Return the choices of the filter: what stands in the newest thousand entries."""
    newest = select(PlatformEntry.action).order_by(PlatformEntry.id.desc()).limit(1000).subquery()
    found = db.session.scalars(select(newest.c.action).distinct())
    return [("", _("Everything")), *sorted(((a, action_label(a)) for a in found), key=lambda pair: pair[1])]
