"""What an edition needs of staff next, as items of the town hall's work."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from app.sdk import WorkCount, WorkItem, _, _l, db, local, now, picked, work_queue

from ..models import Edition
from ..rules.phases import Stage

AHEAD = timedelta(days=14)


def _due() -> Select[Edition]:
    """Return the editions that wait for somebody: counted and not shown, or opening soon with a ballot not fixed."""
    soon = Edition.opens_at.is_not(None) & (Edition.opens_at <= now() + AHEAD)
    preparing = Edition.stage.in_([Stage.DRAFT, Stage.PUBLISHED]) & soon & Edition.imported.is_(False)
    return select(Edition).where(or_(Edition.stage == Stage.COUNTED, preparing))


def count_steps(_account_id: UUID | None) -> WorkCount:
    """Return how many editions wait for a step, and for how many the day has passed."""
    found = _due().with_only_columns(
        func.count(), func.count().filter((Edition.stage != Stage.COUNTED) & (Edition.opens_at < now()))
    )
    number, late = db.session.execute(found).one()
    return WorkCount(unassigned=number, overdue=late)


@work_queue("steps", _l("Steps of editions"), permission="participatory_budget.manage", count=count_steps)
def next_steps(_account_id: UUID | None, most: int) -> Iterator[WorkItem]:
    """Yield the steps, the next one first; they belong to nobody in particular."""
    for edition in db.session.scalars(_due().order_by(Edition.opens_at, Edition.id).limit(most)):
        counted = edition.stage is Stage.COUNTED
        name = picked(edition.title)
        prepare, publish = (
            _("Prepare the vote: %(edition)s", edition=name),
            _("Publish the result: %(edition)s", edition=name),
        )
        yield WorkItem(
            subject=str(edition.id),
            title=publish if counted else prepare,
            url=f"/admin/participatory-budget/{edition.id}",
            status="waiting" if counted else "planned",
            since=edition.sealed_at or edition.created_at,
            due=local(edition.opens_at).date() if edition.opens_at and not counted else None,
        )
