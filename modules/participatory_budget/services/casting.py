"""Casting a ballot and taking it back; receipts.

One transaction takes the ballot box shared, looks at the clock, checks the marks against the fixed paper, enters the
voter on the roll and puts the ballot into its slot. Closing takes the box alone, so that no ballot comes in after the
close and none that was confirmed is missing.
"""

from dataclasses import dataclass

from sqlalchemy import delete, func, select

from app.sdk import Conflict, Invalid, _, db, keyed_hash, language, send_mail

from ..models import Ballot, Edition, RollEntry
from ..rules import proof
from ..rules.checks import check_ballot, contest_options
from ..rules.marks import Marks, encode_marks, in_one, marks_within
from .box import enter_open_box
from .codes.asking import text_receipt
from .codes.entering import must_not_be_void
from .doubts import must_stand
from .drafts import drop_draft
from .editions import options
from .eligibility import must_be_eligible
from .persons import VotedAlready, release, voted_on_paper
from .putting_in import Filled, put_in
from .statistics import arrivals
from .taking_part import must_take_part_in, rules_on_ballot
from .turnout import by_hour
from .voters import Voter, slot_of
from .wording import problem_text

WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The proof that a ballot is in the box."""

    code: str
    changed: bool


class AlreadyVotedElsewhere(Conflict):
    """The ballot in the box is not the one this page was made for."""


class TakenBack(Conflict):
    """The page that is sent was sent before, and the vote on it taken back since."""


def has_voted(edition: Edition, voter: Voter) -> bool:
    """Tell whether the person is on the roll."""
    key = {"edition_id": edition.id, "voter": voter.name}
    return db.session.get(RollEntry, key) is not None


def cast(
    edition: Edition, voter: Voter, marks: Marks, *, seen_version: int, key: str, district: str = ""
) -> Receipt:
    """Put a ballot into the box, or replace the voter's own.

    `seen_version` is the version the voter's page was made for: another one in the box raises
    AlreadyVotedElsewhere. `key` makes a second click the same act: it gets the same receipt. Raises
    Conflict when the vote is not open, VotedAlready when she has voted on paper, NotEligible for whom it is not
    meant, Invalid when the marks break the rule.
    """
    enter_open_box(edition, keeping=voter.account)
    must_be_eligible(edition, voter)
    if voter.account is None:
        # Who takes the right to vote away is alone with the box: what holds here holds until the ballot is in.
        must_stand(edition, voter.name)
        must_not_be_void(edition, voter.name)
    choices = _checked(edition, voter, marks, district)
    slot = slot_of(edition, voter.name)
    code = _receipt_code(slot, key)
    ballot = Filled(slot, choices, district, proof.leaf(code))
    put = put_in(edition, voter, ballot, seen_version=seen_version)
    if not put.done:
        # This very act was done before, and still holds.
        _must_lie_in_box(edition, slot, ballot.leaf)
        return Receipt(code, changed=seen_version > 0)
    if seen_version == 0 and not put.first:
        # She stands on the roll without a ballot of her own: she has voted on paper, under this very name.
        raise VotedAlready(voted_on_paper(edition, voter.name))
    if voter.mail:
        _mail_receipt(edition, voter, code, changed=not put.first)
    elif voter.phone:
        text_receipt(edition, voter.phone, code)
    return Receipt(code, changed=not put.first)


def may_withdraw(edition: Edition) -> bool:
    """Tell whether a vote can be taken back until the close."""
    return bool(edition.balloting.get(WITHDRAW, True))


def withdraw(edition: Edition, voter: Voter, *, seen_version: int) -> None:
    """Take the voter's ballot out of the box and her name off the roll, as if she had not voted.

    Raises AlreadyVotedElsewhere when another version lies in the box than her page was made for, Conflict when none
    does or the edition does not allow it, VoteNotOpen after the close.
    """
    enter_open_box(edition)
    if not may_withdraw(edition):
        raise Conflict(_("A vote cannot be taken back here. You can change it until the close."))
    mine = (Ballot.edition_id == edition.id, Ballot.slot == slot_of(edition, voter.name))
    taken = delete(Ballot).where(*mine, Ballot.version == seen_version).returning(Ballot.version)
    if db.session.execute(taken, execution_options={"synchronize_session": False}).first() is None:
        if db.session.scalar(select(Ballot.version).where(*mine)) is None:
            raise Conflict(_("There is no vote of yours in the ballot box."))
        raise AlreadyVotedElsewhere(_("You have changed your vote in another window meanwhile."))
    named = (RollEntry.edition_id == edition.id, RollEntry.voter == voter.name)
    db.session.execute(delete(RollEntry).where(*named))
    drop_draft(edition, voter)
    release(edition, voter.name)
    if voter.mail:
        _mail_withdrawal(edition, voter)
    arrivals.count(edition, voter, -1)


def turnout(edition: Edition) -> int:
    """Return how many people have voted."""
    counted = by_hour()
    voted = select(func.coalesce(func.sum(counted.c.voters), 0)).where(counted.c.edition_id == edition.id)
    return int(db.session.scalar(voted) or 0)


def _checked(edition: Edition, voter: Voter, marks: Marks, district: str) -> bytes:
    """Return the ballot as it is stored; raises Invalid when it breaks a rule, NotFound for a foreign district."""
    must_take_part_in(edition, voter, district)
    paper, by = {option.number: option for option in options(edition)}, edition.contests_by
    rules = rules_on_ballot(edition, district)
    problems = check_ballot(marks, paper, rules, by)
    if problems:
        raise Invalid(" ".join(problem_text(problem, edition) for problem in problems))
    parts = [marks_within(edition.ballot_type, marks, contest_options(paper, by, key)) for key in rules]
    return encode_marks(edition.ballot_type, in_one(edition.ballot_type, parts))


def _must_lie_in_box(edition: Edition, slot: bytes, leaf: object) -> None:
    found = db.session.scalar(select(Ballot.leaf).where(Ballot.edition_id == edition.id, Ballot.slot == slot))
    if found is None:
        raise TakenBack(_("You have taken this vote back. Choose again, or leave it at that."))
    if found != leaf:
        raise AlreadyVotedElsewhere(
            _("You have voted in another window meanwhile. Look at both, then decide.")
        )


def _receipt_code(slot: bytes, key: str) -> str:
    """Return the code of this act: random to everybody else, the same when the act is repeated."""
    for attempt in range(64):
        digest = keyed_hash("participatory_budget.receipt", slot, key.encode(), bytes([attempt]))
        try:
            return proof.receipt(int.from_bytes(digest[:10], "big"))
        except ValueError:
            continue
    raise AssertionError("64 numbers in a row without a check character")


def _mail_receipt(edition: Edition, voter: Voter, code: str, *, changed: bool) -> None:
    send_mail(
        "participatory_budget_receipt",
        voter.mail,
        voter.language or language(),
        can_wait=True,
        fill={"code": code, "name": voter.account.name if voter.account else ""},
        title=dict(edition.title),
        slug=edition.slug,
        closes_at=edition.closes_at,
        changed=changed,
    )


def _mail_withdrawal(edition: Edition, voter: Voter) -> None:
    send_mail(
        "participatory_budget_withdrawn",
        voter.mail,
        voter.language or language(),
        edition=edition,
        name=voter.account.name if voter.account else "",
    )
