"""Casting a ballot: drafts, the ballot box, receipts.

One transaction takes the ballot box shared, looks at the clock, checks the choices against the fixed
paper, enters the voter on the roll and puts the ballot into its slot. Closing takes the box alone, so that
no ballot comes in after the close and none that was confirmed is missing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from app.sdk import (
    Account,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    _,
    current_city,
    db,
    keyed_hash,
    language,
    now,
    send_mail,
)

from ..models import Ballot, Draft, Edition, RollEntry, Turnout
from ..rules import proof
from ..rules.ballots import check_choices, decode_choices, encode_choices
from ..rules.phases import Phase
from .editions import ballot_rule, options, phase
from .eligibility import must_be_eligible
from .voters import slot_of, voter_of
from .wording import problem_text


@dataclass(frozen=True, slots=True)
class MyBallot:
    """What a voter has in the box; version 0 means nothing yet."""

    choices: tuple[int, ...] = ()
    version: int = 0


@dataclass(frozen=True, slots=True)
class Receipt:
    """The proof that a ballot is in the box."""

    code: str
    changed: bool


class VoteNotOpen(Conflict):
    """The vote has not been opened yet, or has closed."""


class AlreadyVotedElsewhere(Conflict):
    """The ballot in the box is not the one this page was made for."""


def my_ballot(edition: Edition, account: Account) -> MyBallot:
    """Return the voter's ballot as it lies in the box; after sealing nobody can tell."""
    if edition.slot_salt is None:
        return MyBallot()
    key = {"edition_id": edition.id, "slot": slot_of(edition, voter_of(edition, account))}
    found = db.session.get(Ballot, key, populate_existing=True)
    return MyBallot(decode_choices(found.choices), found.version) if found else MyBallot()


def choices_of(edition: Edition, voter: bytes) -> tuple[int, ...]:
    """Return what lies in the box under a name on the roll; nothing after sealing."""
    if edition.slot_salt is None:
        return ()
    found = db.session.get(Ballot, {"edition_id": edition.id, "slot": slot_of(edition, voter)})
    return decode_choices(found.choices) if found else ()


def has_voted(edition: Edition, account: Account) -> bool:
    """Tell whether the person is on the roll."""
    key = {"edition_id": edition.id, "voter": voter_of(edition, account)}
    return db.session.get(RollEntry, key) is not None


def draft(edition: Edition, account: Account) -> tuple[int, ...]:
    """Return what the voter has chosen so far: her draft, else the ballot she has cast."""
    key = {"edition_id": edition.id, "voter": voter_of(edition, account)}
    found = db.session.get(Draft, key, populate_existing=True)
    return tuple(found.choices) if found else my_ballot(edition, account).choices


def begin_draft(edition: Edition, account: Account) -> Draft:
    """Return the voter's draft, locked; a new one holds what she has in the box, so that it can be changed."""
    # A draft is kept under the name on the roll: one that came in after the sealing would stay, and tell.
    _enter_open_box(edition)
    must_be_eligible(edition, account)
    key = {"edition_id": edition.id, "voter": voter_of(edition, account)}
    choices = list(my_ballot(edition, account).choices)
    new = insert(Draft).values(**key, choices=choices, updated_at=now()).on_conflict_do_nothing()
    db.session.execute(new)
    return db.session.get_one(Draft, key, with_for_update=True, populate_existing=True)


def choose(edition: Edition, account: Account, number: int, *, add: bool) -> tuple[int, ...]:
    """Put one project on the voter's draft or take it off, and return her choices; raises NotFound.

    Buttons pressed in quick succession come in at once: each changes what the one before has left.
    """
    if number not in {option.number for option in options(edition)}:
        raise NotFound(_("There is no such project."))
    mine = begin_draft(edition, account)
    others = {chosen for chosen in mine.choices if chosen != number}
    mine.choices = sorted(others | {number} if add else others)
    mine.updated_at = now()
    db.session.flush()
    return tuple(mine.choices)


def drop_draft(edition: Edition, account: Account) -> None:
    """Forget what was chosen and not confirmed; a ballot in the box stays as it is."""
    voter = voter_of(edition, account)
    db.session.execute(delete(Draft).where(Draft.edition_id == edition.id, Draft.voter == voter))


def has_draft(edition: Edition, account: Account) -> bool:
    """Tell whether something was chosen and not confirmed yet."""
    key = {"edition_id": edition.id, "voter": voter_of(edition, account)}
    return db.session.get(Draft, key, populate_existing=True) is not None


def cast(
    edition: Edition, account: Account, choices: Sequence[int], *, seen_version: int, key: str
) -> Receipt:
    """Put a ballot into the box, or replace the voter's own.

    `seen_version` is the version the voter's page was made for: another one in the box raises
    AlreadyVotedElsewhere. `key` makes a second click the same act: it gets the same receipt. Raises
    Conflict when the vote is not open, NotEligible for whom it is not meant, Invalid when the choices break the rule.
    """
    _keep_account(account)
    _enter_open_box(edition)
    must_be_eligible(edition, account)
    _must_be_allowed(edition, choices)
    voter = voter_of(edition, account)
    slot = slot_of(edition, voter)
    code = _receipt_code(slot, key)
    leaf = proof.leaf(code)
    if not _put(edition, slot, encode_choices(choices), leaf, seen_version):
        return Receipt(code, changed=seen_version > 0)
    first = _enter_on_roll(edition, voter)
    drop_draft(edition, account)
    _mail_receipt(edition, account, code, changed=not first)
    if first:
        # Last of all: whoever else votes in this hour waits for this row until the commit.
        _count_voter(edition)
    return Receipt(code, changed=not first)


def turnout(edition: Edition) -> int:
    """Return how many people have voted."""
    return (
        db.session.scalar(
            select(func.coalesce(func.sum(Turnout.voters), 0)).where(Turnout.edition_id == edition.id)
        )
        or 0
    )


def enter_box_alone(edition: Edition) -> None:
    """Wait until every ballot on its way is in the box and keep others out until the transaction ends."""
    db.session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:box, 0))"), {"box": _box(edition)}
    )


def _keep_account(account: Account) -> None:
    """Keep the voter from leaving until the transaction ends: whoever leaves is known again only if she has voted."""
    here = select(Account.id).where(Account.id == account.id)
    if db.session.scalar(here.with_for_update(read=True, key_share=True)) is None:
        raise Forbidden(_("Sign in first."))


def _enter_open_box(edition: Edition) -> None:
    """Keep the vote from being closed until the transaction ends; raises VoteNotOpen when it has been."""
    db.session.execute(
        text("SELECT pg_advisory_xact_lock_shared(hashtextextended(:box, 0))"), {"box": _box(edition)}
    )
    db.session.refresh(edition)
    must_be_open(edition)


def _box(edition: Edition) -> str:
    return f"participatory_budget box {current_city().id} {edition.id}"


def must_be_open(edition: Edition) -> None:
    """Raise VoteNotOpen unless ballots can be cast at this moment."""
    found = phase(edition)
    if found is Phase.VOTING:
        return
    if found in (Phase.DRAFT, Phase.PUBLISHED):
        raise VoteNotOpen(_("The vote has not been opened yet."))
    raise VoteNotOpen(_("The vote has closed. What you had chosen and not confirmed is not counted."))


def _must_be_allowed(edition: Edition, choices: Sequence[int]) -> None:
    problems = check_choices(choices, options(edition), ballot_rule(edition))
    if problems:
        raise Invalid(" ".join(problem_text(problem, edition) for problem in problems))


def _put(edition: Edition, slot: bytes, choices: bytes, leaf: bytes, seen_version: int) -> bool:
    """Put the ballot into its slot; returns False when this very act has been done before."""
    if seen_version == 0:
        statement = insert(Ballot).values(
            edition_id=edition.id, slot=slot, version=1, choices=choices, leaf=leaf
        )
        done = db.session.execute(statement.on_conflict_do_nothing().returning(Ballot.version)).first()
    else:
        mine = (Ballot.edition_id == edition.id, Ballot.slot == slot, Ballot.version == seen_version)
        values = {"version": seen_version + 1, "choices": choices, "leaf": leaf}
        change = update(Ballot).where(*mine, Ballot.leaf != leaf).values(values)
        done = db.session.execute(
            change.returning(Ballot.version), execution_options={"synchronize_session": False}
        ).first()
    if done is not None:
        return True
    found = db.session.scalar(select(Ballot.leaf).where(Ballot.edition_id == edition.id, Ballot.slot == slot))
    if found == leaf:
        return False
    raise AlreadyVotedElsewhere(_("You have voted in another window meanwhile. Look at both, then decide."))


def _enter_on_roll(edition: Edition, voter: bytes) -> bool:
    """Enter the voter on the roll; returns whether she had not voted before."""
    statement = insert(RollEntry).values(edition_id=edition.id, voter=voter).on_conflict_do_nothing()
    return db.session.execute(statement.returning(RollEntry.voter)).first() is not None


def _count_voter(edition: Edition) -> None:
    hour = now().replace(minute=0, second=0, microsecond=0)
    count = insert(Turnout).values(edition_id=edition.id, hour=hour, voters=1)
    more = {"voters": Turnout.voters + 1}
    db.session.execute(count.on_conflict_do_update(index_elements=["edition_id", "hour"], set_=more))


def _receipt_code(slot: bytes, key: str) -> str:
    """Return the code of this act: random to everybody else, the same when the act is repeated."""
    for attempt in range(64):
        digest = keyed_hash("participatory_budget.receipt", slot, key.encode(), bytes([attempt]))
        try:
            return proof.receipt(int.from_bytes(digest[:10], "big"))
        except ValueError:
            continue
    raise AssertionError("64 numbers in a row without a check character")


def _mail_receipt(edition: Edition, account: Account, code: str, *, changed: bool) -> None:
    send_mail(
        "participatory_budget_receipt",
        account.email,
        account.language or language(),
        edition=edition,
        code=code,
        changed=changed,
        name=account.name,
    )
