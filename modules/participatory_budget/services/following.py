"""A voter's ballots among her requests: that one is in and what comes next, never what it says."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select, tuple_

from app.sdk import Account, CityRequest, RequestStatus, _, date_and_time, db, now, picked, requests_of

from ..models import Edition, RollEntry
from ..rules.phases import Phase
from .editions import phase, public_editions
from .voters import voter_of

STATUS = {
    Phase.VOTING: RequestStatus.RECEIVED,
    Phase.RESULTS: RequestStatus.DONE,
}


@requests_of
def ballots(account: Account) -> Iterator[CityRequest]:
    """Yield the editions in which the account has voted."""
    names = {(edition.id, voter_of(edition, account)): edition for edition in public_editions()}
    if not names:
        return
    key = tuple_(RollEntry.edition_id, RollEntry.voter)
    for row in db.session.execute(select(RollEntry.edition_id, RollEntry.voter).where(key.in_(list(names)))):
        edition = names[row.edition_id, row.voter]
        found = phase(edition)
        yield CityRequest(
            title=_("Your ballot: %(edition)s", edition=picked(edition.title)),
            status=STATUS.get(found, RequestStatus.IN_PROGRESS),
            sentence=_sentence(edition, found),
            at=_last_moment(edition),
            url=f"/participatory-budget/{edition.slug}/",
        )


def _sentence(edition: Edition, found: Phase) -> str:
    if found is Phase.VOTING and edition.closes_at is not None:
        return _(
            "Your ballot is in. You can change it until %(moment)s; then the ballots are counted.",
            moment=date_and_time(edition.closes_at),
        )
    if found is Phase.RESULTS:
        return _("Your ballot was counted. The result is published.")
    return _("Your ballot is in. The vote is over and the ballots are being counted.")


def _last_moment(edition: Edition) -> datetime:
    """Return when something last happened that everybody knows; when somebody voted is not kept."""
    return edition.published_at or edition.sealed_at or edition.opens_at or now()
