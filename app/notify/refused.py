"""Addresses that mail servers say do not exist: nothing more is sent there that nobody waits for."""

from datetime import datetime

from sqlalchemy import String, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.db import CityModel, db
from app.core.exporting import Personal, impersonal, not_copied, personal

# A server that refuses for good may be mistaken once: a full disk, a list of spammers, a typing error of its operator.
BELIEVED_AFTER = 2


class RefusedAddress(CityModel):
    """An address to which mails came back."""

    __tablename__ = "refused_address"
    __table_args__ = ({"info": not_copied("Copies have made-up addresses.")},)

    email: Mapped[str] = mapped_column(String(254), primary_key=True, info=personal(Personal.EMAIL))
    status: Mapped[str] = mapped_column(String(300), info=impersonal())
    """What the last server said, its codes alone (RFC 3463)."""
    at: Mapped[datetime]
    times: Mapped[int]


def came_back(email: str, status: str) -> None:
    """Write down that a server refused a mail to this address for good."""
    row = {"email": email.lower(), "status": status[:300], "at": now(), "times": 1}
    again = {"status": row["status"], "at": row["at"], "times": RefusedAddress.times + 1}
    statement = insert(RefusedAddress).values(row)
    db.session.execute(statement.on_conflict_do_update(index_elements=["email"], set_=again))


def is_refused(email: str) -> bool:
    """Tell whether mails to this address are pointless."""
    found = select(RefusedAddress.email).where(
        RefusedAddress.email == email.lower(), RefusedAddress.times >= BELIEVED_AFTER
    )
    return db.session.scalar(found) is not None


def works_again(email: str) -> None:
    """Forget that mails came back: somebody has just read one there."""
    db.session.execute(delete(RefusedAddress).where(RefusedAddress.email == email.lower()))


def number() -> int:
    """Return how many addresses are refused."""
    counted = select(func.count()).select_from(RefusedAddress)
    return db.session.scalar(counted.where(RefusedAddress.times >= BELIEVED_AFTER)) or 0
