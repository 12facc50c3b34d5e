"""The city's audit log."""

from typing import Annotated
from uuid import UUID

from flask_babel import lazy_gettext as _l
from pydantic import Field
from sqlalchemy import select

from app.api.blueprint import bp
from app.core.audit import AuditEntry, Detail
from app.web.rest import Answer, Instant, Listing, Paging, endpoint, listed, listing, scope, words

READ = scope("audit.read", _l("Read the audit log, with the names of those who acted"))


class Entry(Answer):
    """One act: who did what, and when."""

    id: UUID
    at: Instant
    action: str
    subject: str
    actor_kind: str
    actor_id: str
    actor_name: str
    details: dict[str, Detail]


class EntryFilter(Paging):
    """Which entries are wanted."""

    action: Annotated[
        str | None, words(80), Field(description="This kind of act alone, such as `modules.switched_on`.")
    ] = None


@endpoint(bp, "GET", "/audit", returns=Listing[Entry], query=EntryFilter, scope=READ)
def entries(query: EntryFilter) -> Listing[Entry]:
    """List the entries of the audit log, the newest first."""
    found = select(AuditEntry)
    if query.action is not None:
        found = found.where(AuditEntry.action == query.action)
    rows, following = listing(found, [AuditEntry.id], query)
    return listed([Entry.model_validate(row) for row in rows], following)
