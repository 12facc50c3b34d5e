"""What is kept about voters: a name on the roll that only this deployment can make, and an open ballot under it.

A vote that was cast stays counted when its voter deletes her account, and she stays known by a hash of her address
until well after the close, so that she cannot vote a second time with a new account.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select

from app.sdk import Basis, Holding, Record, Stays, _, _l, db, holds, picked

from ..models import Draft, Edition, RollEntry
from ..rules.marks import Marks
from ..services.drafts import ballot_of, marks_of
from ..services.rules_of import ballot_rule
from ..services.voters import voter_called
from ..services.wording import mark_name

# A vote can be extended after somebody has left.
LONGER = timedelta(days=90)


def _editions() -> Iterable[Edition]:
    return db.session.scalars(select(Edition).order_by(Edition.created_at.desc(), Edition.id)).all()


def _names(account_id: UUID) -> Iterator[tuple[Edition, bytes]]:
    for edition in _editions():
        yield edition, voter_called(edition, account_id)


def _voted(account_id: UUID) -> list[Edition]:
    return [
        edition
        for edition, voter in _names(account_id)
        if db.session.get(RollEntry, {"edition_id": edition.id, "voter": voter}) is not None
    ]


def _collect(account_id: UUID) -> Iterable[Record]:
    for edition, voter in _names(account_id):
        key = {"edition_id": edition.id, "voter": voter}
        voted = db.session.get(RollEntry, key) is not None
        draft = db.session.get(Draft, key)
        if not voted and draft is None:
            continue
        yield {
            "edition": picked(edition.title).text,
            "voted": voted,
            "ballot_that_can_be_changed": _said(edition, ballot_of(edition, voter).marks),
            "chosen_and_not_confirmed": _said(edition, marks_of(draft)) if draft else [],
        }


def _said(edition: Edition, marks: Marks) -> list[str]:
    """Return what a ballot says of each project it names."""
    titles, rule = {project.number: project.title for project in edition.projects}, ballot_rule(edition)
    named = {number: picked(titles[number]).text if number in titles else str(number) for number in marks}
    said = {number: mark_name(rule, mark) for number, mark in marks.items()}
    return [f"{named[number]}: {said[number]}" if said[number] else named[number] for number in sorted(marks)]


def _erase(account_id: UUID) -> None:
    """Delete what was chosen and not confirmed; what was cast is counted."""
    for edition, voter in _names(account_id):
        db.session.execute(delete(Draft).where(Draft.edition_id == edition.id, Draft.voter == voter))


def _stays(account_id: UUID) -> Iterable[Stays]:
    for edition in _voted(account_id):
        title = picked(edition.title).text
        if edition.slot_salt is None:
            yield Stays(
                _("That somebody has voted in “%(title)s”, under a name that says nothing.", title=title),
                _("The roll has to have as many names as there are ballots."),
            )
        else:
            yield Stays(
                _("Your vote in “%(title)s”. It is counted.", title=title),
                _(
                    "Unless you take it back before you leave, your vote stays in the box. A hash of your address is"
                    " kept until 90 days after the close, so that nobody votes twice."
                ),
            )


def _known_until(account_id: UUID) -> datetime | None:
    closes = [one.closes_at for one in _voted(account_id) if one.slot_salt is not None and one.closes_at]
    return max(closes) + LONGER if closes else None


holds(
    Holding(
        "participatory_budget.votes",
        _l("That you have voted; while the vote is open your ballot, and what you have not confirmed"),
        _l("So that everybody votes once, and can change her vote until the close."),
        Basis.PUBLIC_TASK,
        _l(
            "Your ballot is yours until the close; after it nothing connects the two. The roll stays with the edition"
        ),
        _collect,
        _erase,
        _stays,
        tables=(
            "participatory_budget_roll",
            "participatory_budget_draft",
            "participatory_budget_ballot",
        ),
        known_until=_known_until,
    )
)
