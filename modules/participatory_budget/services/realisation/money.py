"""What a project has cost so far: entries are never changed; one that was wrong is corrected by another."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.sdk import Conflict, Invalid, NotFound, _, audit, db, new_id, now, today

from ...models import Edition, Realisation, Spending
from ...rules.realisation.progress import spent
from .boards import board

MOST_ENTRIES = 200
HIGHEST = 10**15


@dataclass(frozen=True, slots=True)
class Entry:
    """An amount spent on a day, for something; `corrects` is the entry whose place it takes."""

    day: date
    amount: int
    what: str
    corrects: UUID | None = None


@dataclass(frozen=True, slots=True)
class Balance:
    """What there was for a project, and what has gone."""

    budgeted: int
    spent: int

    @property
    def left(self) -> int:
        """Return what is left; less than nothing when more was spent than there was."""
        return self.budgeted - self.spent


def balance(one: Realisation) -> Balance:
    """Return what there was for a project, and what has gone."""
    return Balance(one.budgeted, spent(one.spendings))


def spend(edition: Edition, number: int, entry: Entry) -> Spending:
    """Write down what was spent; raises Invalid for a day to come, Conflict for an entry corrected already."""
    one = board(edition, number, lock=True)
    if entry.day > today():
        raise Invalid(_("This day is still to come. Write down what was spent, not what is planned."))
    if not 0 <= entry.amount <= HIGHEST:
        raise Invalid(_("Write an amount that is not below zero."))
    if len(one.spendings) >= MOST_ENTRIES:
        raise Conflict(_("There are too many entries. Correct one instead of adding another."))
    if entry.corrects is not None:
        _must_be_open_to_correction(one, entry.corrects)
    elif entry.amount == 0:
        raise Invalid(_("Write an amount above zero."))
    made = Spending(
        id=new_id(),
        project_id=one.project_id,
        day=entry.day,
        amount=entry.amount,
        what=entry.what,
        corrects_id=entry.corrects,
        created_at=now(),
    )
    db.session.add(made)
    db.session.flush()
    db.session.expire(one, ["spendings"])
    audit(
        "participatory_budget.money_spent",
        subject=f"project:{one.project_id}",
        number=number,
        amount=entry.amount,
        corrects=str(entry.corrects or ""),
    )
    return made


def _must_be_open_to_correction(one: Realisation, ident: UUID) -> None:
    if ident not in {entry.id for entry in one.spendings}:
        raise NotFound(_("There is no such entry."))
    if any(entry.corrects_id == ident for entry in one.spendings):
        raise Conflict(_("This entry was corrected already. Correct the newer one."))
