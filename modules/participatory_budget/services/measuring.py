"""What is counted day by day: people who voted for the first time, by edition."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select

from app.sdk import _l, db, from_local, measure

from ..models import Edition
from .turnout import by_hour


@measure("voters", _l("People who voted"), by=_l("Edition"))
def voters(day: date) -> Iterator[tuple[str, int]]:
    """Yield how many people voted on a day; changes of a ballot are not counted."""
    start = datetime.combine(day, time())
    begins, ends = from_local(start), from_local(start + timedelta(days=1))
    counted = by_hour()
    found = select(Edition.slug, func.sum(counted.c.voters)).join(Edition, Edition.id == counted.c.edition_id)
    for slug, number in db.session.execute(
        found.where(counted.c.hour >= begins, counted.c.hour < ends).group_by(Edition.slug)
    ):
        # Votes taken back may be more than those given on one day.
        yield slug, max(0, int(number))
