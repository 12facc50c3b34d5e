"""What a voter has chosen and not confirmed: kept at each change, on every device she uses."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from app.sdk import Invalid, NotFound, _, db, now

from ..models import Ballot, Draft, Edition
from ..rules.ballots import BallotType
from ..rules.checks import most_typed
from ..rules.contests import CITYWIDE, contest_of
from ..rules.marks import Marks, decode_marks, in_one, marks_within
from ..rules.ranking import Move, moved
from .box import enter_open_box
from .editions import options
from .eligibility import must_be_eligible
from .taking_part import district_of, must_take_part_in, rules_on_ballot
from .voters import Voter, slot_of


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a voter has marked so far; no district as long as she has to say in which one she votes."""

    marks: Mapping[int, int]
    district: str | None = ""


@dataclass(frozen=True, slots=True)
class MyBallot:
    """What a voter has in the box; version 0 means nothing yet."""

    marks: Mapping[int, int]
    version: int = 0
    district: str = ""

    @property
    def choices(self) -> tuple[int, ...]:
        """Return the numbers of the projects it names, in rising order."""
        return tuple(sorted(self.marks))


def my_ballot(edition: Edition, voter: Voter) -> MyBallot:
    """Return the voter's ballot as it lies in the box; after sealing nobody can tell."""
    return ballot_of(edition, voter.name)


def ballot_of(edition: Edition, name: bytes) -> MyBallot:
    """Return what lies in the box under a name on the roll; nothing after sealing."""
    if edition.slot_salt is None:
        return MyBallot({})
    key = {"edition_id": edition.id, "slot": slot_of(edition, name)}
    found = db.session.get(Ballot, key, populate_existing=True)
    if found is None:
        return MyBallot({})
    return MyBallot(decode_marks(edition.ballot_type, found.choices), found.version, found.district)


def draft(edition: Edition, voter: Voter) -> Chosen:
    """Return what the voter has chosen so far: her draft, else the ballot she has cast."""
    found = db.session.get(Draft, _key(edition, voter), populate_existing=True)
    if found is not None:
        return Chosen(marks_of(found), district_of(edition, voter, found.district))
    mine = my_ballot(edition, voter)
    return Chosen(mine.marks, district_of(edition, voter, mine.district if mine.version else None))


def has_draft(edition: Edition, voter: Voter) -> bool:
    """Tell whether something was chosen and not confirmed yet."""
    return db.session.get(Draft, _key(edition, voter), populate_existing=True) is not None


def begin_draft(edition: Edition, voter: Voter) -> Draft:
    """Return the voter's draft, locked; a new one holds what she has in the box, so that it can be changed."""
    # A draft is kept under the name on the roll: one that came in after the sealing would stay, and tell.
    enter_open_box(edition)
    must_be_eligible(edition, voter)
    mine = my_ballot(edition, voter)
    values = {
        "choices": sorted(mine.marks),
        "marks": _stored(edition, mine.marks),
        "district": mine.district if mine.version else None,
        "updated_at": now(),
    }
    new = insert(Draft).values(**_key(edition, voter), **values).on_conflict_do_nothing()
    db.session.execute(new)
    return db.session.get_one(Draft, _key(edition, voter), with_for_update=True, populate_existing=True)


def choose(edition: Edition, voter: Voter, number: int, *, add: bool) -> Chosen:
    """Put one project on the voter's draft or take it off; raises NotFound."""
    return mark(edition, voter, {number: 1 if add else 0})


def mark(edition: Edition, voter: Voter, changes: Mapping[int, int]) -> Chosen:
    """Give projects these marks, 0 for none; raises NotFound and Invalid.

    Buttons pressed in quick succession come in at once: each changes what the one before has left.
    """

    def changed(marks: Marks) -> Marks:
        return {number: value for number, value in {**marks, **changes}.items() if value}

    if edition.ballot_type is BallotType.RANKED:
        raise Invalid(_("Projects on this ballot have places."))
    return _change(edition, voter, changes, changed)


def add_points(edition: Edition, voter: Voter, number: int, more: int) -> Chosen:
    """Give a project so many points more, or fewer: never below none."""

    def changed(marks: Marks) -> Marks:
        points = max(marks.get(number, 0) + more, 0)
        return {one: value for one, value in {**marks, number: points}.items() if value}

    return _change(edition, voter, {number: 1 if more > 0 else 0}, changed)


def move(edition: Edition, voter: Voter, number: int, where: Move) -> Chosen:
    """Give a project another place in the voter's ranking of its contest."""

    def changed(marks: Marks) -> Marks:
        contests: dict[str, set[int]] = {}
        for option in options(edition):
            contests.setdefault(contest_of(option, edition.contests_by), set()).add(option.number)
        parts = [marks_within(edition.ballot_type, marks, numbers) for numbers in contests.values()]
        new = [
            moved(part, number, where) if number in numbers else part
            for part, numbers in zip(parts, contests.values(), strict=True)
        ]
        return in_one(edition.ballot_type, new)

    return _change(edition, voter, {number: 1 if where is Move.ADD else 0}, changed)


def change_district(edition: Edition, voter: Voter, district: str) -> Chosen:
    """Let the voter take part in the contest of another district; what she marked in the former one is dropped."""
    must_take_part_in(edition, voter, district)
    mine = begin_draft(edition, voter)
    there = {
        option.number
        for option in options(edition)
        if contest_of(option, edition.contests_by) in (district, CITYWIDE)
    }
    mine.district = district
    _write(edition, mine, marks_within(edition.ballot_type, marks_of(mine), there))
    return Chosen(marks_of(mine), district)


def drop_draft(edition: Edition, voter: Voter) -> None:
    """Forget what was chosen and not confirmed; a ballot in the box stays as it is."""
    mine = (Draft.edition_id == edition.id, Draft.voter == voter.name)
    db.session.execute(delete(Draft).where(*mine))


def marks_of(found: Draft) -> dict[int, int]:
    """Return what a draft says of each project it names."""
    stored = found.marks or {}
    return {number: stored.get(str(number), 1) for number in found.choices}


def _change(
    edition: Edition, voter: Voter, touched: Mapping[int, int], changed: Callable[[Marks], Marks]
) -> Chosen:
    paper = {option.number: option for option in options(edition)}
    mine = begin_draft(edition, voter)
    district = district_of(edition, voter, mine.district)
    rules = rules_on_ballot(edition, district or CITYWIDE)
    for number, value in touched.items():
        if number not in paper:
            raise NotFound(_("There is no such project."))
        rule = rules.get(contest_of(paper[number], edition.contests_by))
        if value and rule is None:
            raise NotFound(_("This project is not on your ballot."))
        if value and rule is not None and not 1 <= value <= most_typed(rule):
            raise Invalid(_("There is no such answer."))
    _write(edition, mine, changed(marks_of(mine)))
    return Chosen(marks_of(mine), district)


def _write(edition: Edition, mine: Draft, marks: Marks) -> None:
    mine.choices = sorted(marks)
    mine.marks = _stored(edition, marks)
    mine.updated_at = now()
    db.session.flush()


def _stored(edition: Edition, marks: Marks) -> dict[str, int] | None:
    if edition.ballot_type in (BallotType.APPROVAL, BallotType.KNAPSACK):
        return None
    return {str(number): mark for number, mark in sorted(marks.items())}


def _key(edition: Edition, voter: Voter) -> dict[str, object]:
    return {"edition_id": edition.id, "voter": voter.name}
