"""What every page behind the door gets: the menu, and the words for states."""

from datetime import datetime

from flask import g, request, url_for

from app.accounts.operators import people, sessions
from app.apex.operators import words
from app.apex.operators.blueprint import bp
from app.core.clock import now
from app.core.i18n import gettext as _
from app.web.page import Entry
from tenants.models import Operation


@bp.context_processor
def frame() -> dict[str, object]:
    """Return the menu for the operator signed in, and how things are called."""
    return {
        "operators_nav": menu() if sessions.current() is not None else [],
        "state_label": words.state_label,
        "state_kind": words.state_kind,
        "operation_label": words.operation_label,
        "kind_label": words.kind_label,
        "size": words.size,
        "wait": words.wait,
        "actor_name": actor_name,
        "has_file": has_file,
    }


def menu() -> list[Entry]:
    """Return the menu of the operators' console."""
    cities = url_for("operators.cities")
    here = request.path
    entries = (
        (
            _("Cities"),
            cities,
            "building",
            here == cities or here.startswith((f"{cities}cities/", f"{cities}visits/")),
        ),
        (_("Sign-ups"), url_for("operators.signups"), "inbox", None),
        (_("Operations"), url_for("operators.all_operations"), "activity", None),
        (_("Errors"), url_for("operators.all_failures"), "triangle-alert", None),
        (_("Erased cities"), url_for("operators.erasures"), "archive", None),
        (_("Journal"), url_for("operators.journal"), "scroll-text", None),
        (_("My access"), url_for("operators.own"), "key-round", None),
    )
    return [
        Entry(label, url, icon, here.startswith(url) if current is None else current)
        for label, url, icon, current in entries
    ]


def actor_name(actor: str) -> str:
    """Return who acted in words: an operator by name, everybody else as written down."""
    kind, _space, ident = actor.partition(" ")
    if kind == "system":
        return _("The system")
    if kind != "operator" or not ident:
        return actor or "–"
    if "operator_names" not in g:
        g.operator_names = {str(operator.id): operator.name for operator in people.everybody()}
    return str(g.operator_names.get(ident, _("A former operator")))


def has_file(operation: Operation) -> bool:
    """Tell whether an operation left a file to download."""
    until = operation.outcome.get("until")
    return operation.kind == "export" and isinstance(until, str) and datetime.fromisoformat(until) > now()
