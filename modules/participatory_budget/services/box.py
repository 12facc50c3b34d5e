"""The ballot box: voters enter it together, whoever closes it enters alone."""

from sqlalchemy import bindparam, func, select, text

from app.sdk import Account, Conflict, Forbidden, Query, _, current_city, db, together

from ..models import Edition
from ..rules.phases import Phase
from .editions import phase


class VoteNotOpen(Conflict):
    """The vote has not been opened yet, or has closed."""


def must_be_open(edition: Edition) -> None:
    """Raise VoteNotOpen unless ballots can be cast at this moment."""
    found = phase(edition)
    if found is Phase.VOTING:
        return
    if found in (Phase.DRAFT, Phase.PUBLISHED):
        raise VoteNotOpen(_("The vote has not been opened yet."))
    raise VoteNotOpen(_("The vote has closed. What you had chosen and not confirmed is not counted."))


# The account first, as everywhere: whoever leaves holds it before she enters a box.
_KEPT = (
    select(Account.id)
    .where(Account.id == bindparam("account"))
    .with_for_update(read=True, key_share=True)
    .cte()
)
_ENTERED = func.pg_advisory_xact_lock_shared(func.hashtextextended(bindparam("box"), 0)).label("entered")
_ENTER = Query(select(_ENTERED))
_KEEP_AND_ENTER = Query(select(_ENTERED).select_from(_KEPT))
# All that the vote can be moved, closed or given new rules by.
_STANDING = (Edition.stage, Edition.version, Edition.opens_at, Edition.closes_at, Edition.slot_salt)
_STANDS = Query(select(*_STANDING).where(Edition.id == bindparam("edition")))


def enter_open_box(edition: Edition, *, keeping: Account | None = None) -> None:
    """Keep the vote from being closed until the transaction ends; raises VoteNotOpen when it has been.

    An account is kept from leaving as long: whoever leaves is known again only if she has voted.
    """
    # Whoever comes after the close does not wait while the ballots are sealed.
    must_be_open(edition)
    enter = _KEEP_AND_ENTER(account=keeping.id, box=_name(edition)) if keeping else _ENTER(box=_name(edition))
    entered, stands = together(enter, _STANDS(edition=edition.id))
    if not entered:
        raise Forbidden(_("Sign in first."))
    if not stands or tuple(stands[0]) != tuple(getattr(edition, one.key) for one in _STANDING):
        db.session.refresh(edition)
    must_be_open(edition)


def enter_box_shared(edition: Edition) -> None:
    """Keep the ballots from being sealed until the transaction ends; says nothing of whether the vote is open."""
    _lock("pg_advisory_xact_lock_shared", edition)


def enter_box_alone(edition: Edition) -> None:
    """Wait until every ballot on its way is in the box and keep others out until the transaction ends."""
    _lock("pg_advisory_xact_lock", edition)


def _lock(kind: str, edition: Edition) -> None:
    db.session.execute(text(f"SELECT {kind}(hashtextextended(:box, 0))"), {"box": _name(edition)})


def _name(edition: Edition) -> str:
    return f"participatory_budget box {current_city().id} {edition.id}"
