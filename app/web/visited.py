"""What an operator does during a visit is written down even where the pages themselves write nothing."""

from flask import Flask, Response, g, request
from sqlalchemy import select

from app.accounts.current import current_visit
from app.core.audit import AuditEntry, audit, looks_secret
from app.core.clock import now
from app.core.db import db
from app.web.security import SAFE

# Which colours the reader likes is nobody's business; leaving writes its own entry.
OWN_MATTERS = frozenset({"site", "visits"})
# Parts of addresses that let in whoever knows them.
SECRETS = frozenset({"secret", "token"})


def install(app: Flask) -> None:
    """Look at each request of a visit before its transaction ends."""
    app.before_request(_begin)
    app.after_request(_note)


def _begin() -> None:
    g.request_began = now()


def _note(response: Response) -> Response:
    changes = request.method not in SAFE and response.status_code < 400
    visit = (
        current_visit() if changes and request.blueprint not in OWN_MATTERS and "request_began" in g else None
    )
    if visit is None:
        return response
    entry = select(AuditEntry.id).where(
        AuditEntry.at >= g.request_began, AuditEntry.actor_id == str(visit.operator_id)
    )
    if db.session.scalar(entry.limit(1)) is None:
        audit("visits.acted", subject=f"visit:{visit.id}", page=_page())
    return response


def _page() -> str:
    """Return the address that was asked for; of one that is a secret itself only what it is for."""
    is_secret = not SECRETS.isdisjoint(request.view_args or {}) or looks_secret(request.path)
    return str(request.url_rule) if is_secret else request.path
