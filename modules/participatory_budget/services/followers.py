"""Telling those who follow an edition: when its vote is about to open, and when its result is there.

Nobody is told because she voted: who did is known by a hash alone (docs/decisions/0006-secret-ballot.md). The page after
the vote offers to follow.
"""

from datetime import timedelta
from uuid import UUID

from app.sdk import Thing, db, enqueue, followable, notify, now, picked
from app.sdk import followers as following

from ..models import Edition
from ..rules.phases import Phase, Stage, phase_at

WHAT = "participatory_budget:edition"
SOON = timedelta(days=1)


def subject(edition: Edition) -> str:
    """Return what people follow when they follow an edition."""
    return f"{WHAT}:{edition.id}"


@followable(WHAT)
def _find(ident: str) -> Thing | None:
    try:
        edition = db.session.get(Edition, UUID(ident))
    except ValueError:
        return None
    if edition is None or edition.stage is Stage.DRAFT:
        return None
    return Thing(picked(edition.title).text, _path(edition))


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
