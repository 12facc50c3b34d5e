"""The operation `migrate`: what an operator asks for in the console and a worker does."""

import time

from app.core.errors import Conflict
from app.core.i18n import gettext as _
from tenants import operations, owner
from tenants.migrate import crowd
from tenants.migrate.crowd import Report, Wish
from tenants.models import Operation
from tenants.models.upkeep import Json

TELL_SECONDS = 2.0


@operations.kind("migrate")
def migrate(operation: Operation) -> dict[str, Json]:
    """Bring one city up to date, or all where none is named; the truth in the city is asked, not the copy."""
    told = time.monotonic()

    def watch(report: Report) -> None:
        nonlocal told
        if time.monotonic() - told > TELL_SECONDS:
            operations.tell(operation.id, report.ended, report.planned)
            told = time.monotonic()

    cities = () if operation.city_id is None else (operation.city_id,)
    report = crowd.migrate(owner.address(), Wish(cities=cities, check=True), watch)
    if report.failed and operation.city_id is not None:
        raise Conflict(report.failed[0].error)
    if report.failed:
        raise Conflict(
            _(
                "%(failed)d of %(all)d cities failed; the rest is done.",
                failed=len(report.failed),
                all=report.total,
            )
        )
    steps = sorted({str(step) for one in report.done for step in one.steps})
    return {"done": len(report.done), "total": report.planned, "steps": [*steps]}
