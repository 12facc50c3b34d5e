"""What is counted day by day: people who voted for the first time, by edition."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select

from app.sdk import _l, db, from_local, measure

from ..models import Edition, Turnout


@measure("voters", _l("People who voted"), by=_l("Edition"))
def voters(day: date) -> Iterator[tuple[str, int]]:
    """Yield how many people voted on a day; changes of a ballot are not counted."""
    start = datetime.combine(day, time())
    begins, ends = from_local(start), from_local(start + timedelta(days=1))
    found = select(Edition.slug, func.sum(Turnout.voters)).join(Edition, Edition.id == Turnout.edition_id)
    for slug, number in db.session.execute(
        found.where(Turnout.hour >= begins, Turnout.hour < ends).group_by(Edition.slug)
    ):
        yield slug, int(number)
