"""Telling those who follow an edition: when its vote is about to open, and when its result is there.

Nobody is told because she voted: who did is known by a hash alone (docs/decisions/0006-secret-ballot.md). The page after
the vote offers to follow.
"""

import re
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from app.sdk import Thing, db, enqueue, followable, notify, now, picked
from app.sdk import followers as following

from ..models import Edition
from ..rules.phases import Phase, Stage, phase_at

WHAT = "participatory_budget:edition"
SOON = timedelta(days=1)
UUID_SHAPE = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def subject(edition: Edition) -> str:
    """Return what people follow when they follow an edition."""
    return f"{WHAT}:{edition.id}"


@followable(WHAT)
def _find(idents: Sequence[str]) -> dict[str, Thing]:
    known = [UUID(ident) for ident in idents if UUID_SHAPE.fullmatch(ident)]
    found = select(Edition).where(Edition.id.in_(known), Edition.stage != Stage.DRAFT)
    return {str(one.id): Thing(picked(one.title).text, _path(one)) for one in db.session.scalars(found)}


def will_open(edition: Edition) -> None:
    """Have followers told a day before the vote opens."""
    if edition.opens_at is not None:
        enqueue("participatory_budget.tell_opening", at=edition.opens_at - SOON, edition_id=str(edition.id))


def tell_opening(edition_id: UUID) -> None:
    """Tell followers that the vote opens, unless it has been put off or is open meanwhile."""
    edition = db.session.get(Edition, edition_id)
    if edition is None or edition.opens_at is None or edition.stage is not Stage.READY:
        return
    moment = now()
    if (
        phase_at(edition.stage, edition.window, moment) is not Phase.PUBLISHED
        or edition.opens_at > moment + SOON
    ):
        return
    notify(
        "participatory_budget.vote_opens",
        following(subject=subject(edition)),
        f"{edition.id} opens {edition.opens_at:%Y-%m-%d}",
        link=_path(edition),
        title=edition.title,
    )


def tell_result(edition: Edition) -> None:
    """Tell followers that the result is published."""
    notify(
        "participatory_budget.result_published",
        following(subject=subject(edition)),
        str(edition.id),
        link=_path(edition),
        title=edition.title,
    )


def _path(edition: Edition) -> str:
    return f"/participatory-budget/{edition.slug}/"
