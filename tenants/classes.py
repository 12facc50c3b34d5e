"""How busy cities are, in four classes: figures of monitoring have one for each, not one for each city."""

from datetime import timedelta

from sqlalchemy import func, select

from app.core import figures
from app.core.clock import now
from app.core.db import db
from app.core.jobs import task
from tenants.models import Usage

WITHIN = timedelta(days=7)
# From how many requests in a week on; fewer than the first is quiet.
CLASSES = (("small", 1_000), ("medium", 50_000), ("large", 1_000_000))


def class_of(requests: int) -> str:
    """Return the class of a city that was asked for so many pages in a week."""
    return next((name for name, least in reversed(CLASSES) if requests >= least), figures.QUIET)


@task("platform.class_cities", every=timedelta(hours=1), of_platform=True)
def class_cities() -> None:
    """Work out the class of each city."""
    total = func.sum(Usage.requests)
    rows = db.session.execute(
        select(Usage.city_id, total)
        .where(Usage.day > now().date() - WITHIN)
        .group_by(Usage.city_id)
        .having(total >= CLASSES[0][1])
    )
    figures.classify({row[0]: class_of(int(row[1])) for row in rows})
