"""What is kept about those who sign results: their names under what they signed."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from app.sdk import Basis, Holding, Record, Stays, _, _l, db, holds

from ..models import Certificate


def _signed(account_id: UUID) -> Iterable[Certificate]:
    return db.session.scalars(select(Certificate).where(Certificate.account_id == account_id)).all()


def _collect(account_id: UUID) -> Iterable[Record]:
    return [
        {"name": one.name, "signed_at": one.signed_at, "result": one.sha256} for one in _signed(account_id)
    ]


def _erase(_account_id: UUID) -> None:
    """Keep signatures: a result stands on them."""


def _stays(account_id: UUID) -> Iterable[Stays]:
    if _signed(account_id):
        yield Stays(
            _("Your name under results of votes that you have signed."),
            _("A result is valid because two named people have signed it."),
        )


holds(
    Holding(
        "participatory_budget.certificates",
        _l("Your name under results of votes that you have signed as staff"),
        _l("So that everybody can know who answers for a result."),
        Basis.PUBLIC_TASK,
        _l("With the edition"),
        _collect,
        _erase,
        _stays,
        tables=("participatory_budget_certificate",),
    )
)
