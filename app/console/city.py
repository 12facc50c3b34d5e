"""The city's own row: changed here alone, known everywhere with the next request, each change in the audit log."""

from collections.abc import Mapping

from app.core.audit import Detail, audit
from app.core.context import current_city
from app.core.db import db
from tenants import resolve
from tenants.models import CityRecord


def record() -> CityRecord:
    """Return the row of the city being served, locked until the transaction ends."""
    return db.session.get_one(CityRecord, current_city().id, with_for_update=True, populate_existing=True)


def note(action: str, before: Mapping[str, Detail], after: Mapping[str, Detail]) -> None:
    """Make every process see the change and write down what it was before and is now."""
    changed = [
        key for key in (*before, *(k for k in after if k not in before)) if before.get(key) != after.get(key)
    ]
    details = {key: after.get(key) for key in changed} | {f"{key}_before": before.get(key) for key in changed}
    audit(action, subject=f"city:{current_city().slug}", **details)
    resolve.change()
