"""Promises that nothing is heard of: staff find them in their work queue and are told once."""

from collections.abc import Iterable
from datetime import timedelta
from typing import TypeVarTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from app.sdk import (
    Account,
    Accounts,
    Role,
    WorkCount,
    WorkItem,
    _,
    _l,
    audience,
    db,
    enqueue,
    local,
    notify,
    now,
    picked,
    today,
    work_queue,
)

from ...models import Edition, Milestone, Project, Realisation
from ...rules.phases import Stage
from ...rules.realisation.progress import ENDED, STALE_DAYS
from .boards import MOST

AGAIN_AFTER = timedelta(days=30)
Ts = TypeVarTuple("Ts")
RUNNING = Realisation.state.not_in(list(ENDED))


@audience("participatory_budget.keepers")
def keepers() -> Accounts:
    """Select the staff who keep boards up to date."""
    return select(Account.id).where(
        Account.role.in_((Role.EDITOR, Role.ADMINISTRATOR)), Account.confirmed_at.is_not(None)
    )


def _is_late() -> ColumnElement[bool]:
    """Select boards with a step whose planned day has passed."""
    step = (
        Milestone.project_id == Realisation.project_id,
        Milestone.actual.is_(None),
        Milestone.planned < today(),
    )
    return exists().where(*step)


def _is_stale() -> ColumnElement[bool]:
    """Select boards of which nothing has been heard for longer than their edition allows itself."""
    days = func.coalesce(Edition.realisation["stale_days"].as_integer(), STALE_DAYS)
    return Realisation.last_news_at < now() - func.make_interval(0, 0, 0, days)


def count_alarms(account_id: UUID | None) -> WorkCount:
    """Count the projects that somebody has to look at; they are nobody's own."""
    found = _joined(select(func.count(), func.count().filter(_is_late())))
    number, late = db.session.execute(found.where(RUNNING, or_(_is_late(), _is_stale()))).one()
    return WorkCount(unassigned=number, overdue=late) if number else WorkCount()


@work_queue(
    "promises",
    _l("Promises to keep"),
    permission="participatory_budget.manage",
    count=count_alarms,
)
def alarms(_account_id: UUID | None, most: int) -> Iterable[WorkItem]:
    """Yield the projects with a late step, then those of which nothing has been heard, the oldest first."""
    planned = (
        select(func.min(Milestone.planned))
        .where(Milestone.project_id == Realisation.project_id, Milestone.actual.is_(None))
        .scalar_subquery()
    )
    found = _joined(select(Realisation, Edition, planned.label("due")))
    wanted = found.where(RUNNING, or_(_is_late(), _is_stale()))
    rows = db.session.execute(
        wanted.order_by(planned.asc().nulls_last(), Realisation.last_news_at).limit(most)
    )
    for one, edition, due in rows:
        late = due is not None and due < today()
        yield WorkItem(
            subject=f"promise:{one.project_id}",
            title=picked(one.project.title).text,
            url=f"/admin/participatory-budget/{edition.id}/realisation/{one.project.number}",
            status="in_progress",
            since=one.last_news_at,
            due=due if late else None,
            reference=one.project.reference,
            note=_("A step is late.")
            if late
            else _("No news since %(day)s.", day=f"{local(one.last_news_at):%Y-%m-%d}"),
        )


def begin_missing() -> int:
    """Have boards made for published editions that have none yet; returns how many editions those are."""
    begun = exists().where(Project.id == Realisation.project_id, Project.edition_id == Edition.id)
    found = select(Edition.id).where(Edition.stage == Stage.RESULTS, ~begun).limit(50)
    missing = db.session.scalars(found).all()
    for edition_id in missing:
        enqueue("participatory_budget.begin_realisation", edition_id=str(edition_id))
    return len(missing)


def tell_staff() -> int:
    """Tell the staff of each stale or late promise, once in thirty days; returns how many there were."""
    moment = now()
    told = or_(Realisation.told_stale_at.is_(None), Realisation.told_stale_at < moment - AGAIN_AFTER)
    found = _joined(select(Realisation, Edition))
    wanted = found.where(RUNNING, or_(_is_late(), _is_stale()), told)
    rows = db.session.execute(wanted.with_for_update(of=Realisation, skip_locked=True).limit(MOST)).all()
    for one, edition in rows:
        one.told_stale_at = moment
        notify(
            "participatory_budget.promise_stale",
            keepers(),
            f"{one.project_id} {moment:%Y-%m-%d}",
            link=f"/admin/participatory-budget/{edition.id}/realisation/{one.project.number}",
            title=one.project.title,
            day=f"{local(one.last_news_at):%Y-%m-%d}",
        )
    return len(rows)


def _joined(found: Select[*Ts]) -> Select[*Ts]:
    """Join boards to their projects and published editions."""
    return (
        found.select_from(Realisation)
        .join(Project, Project.id == Realisation.project_id)
        .join(Edition, and_(Edition.id == Project.edition_id, Edition.stage == Stage.RESULTS))
    )
