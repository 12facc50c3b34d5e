"""Accounts as this part sees them: whom a message goes to (app.accounts lies above)."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Uuid, column, select, table

from app.core.db import db
from app.notify.channels import Recipient

account = table(
    "account",
    column("id", Uuid()),
    column("email"),
    column("name"),
    column("language"),
    column("confirmed_at"),
)


def recipient(account_id: UUID) -> Recipient | None:
    """Return whom a message goes to; None when the account is gone."""
    wanted = select(account.c.id, account.c.email, account.c.name, account.c.language)
    row = db.session.execute(wanted.where(account.c.id == account_id)).one_or_none()
    return Recipient(*row) if row else None


def with_address(email: str) -> Iterable[UUID]:
    """Return whose address it is: one account or none; no address holds a NUL, which the database refuses."""
    if "\0" in email:
        return ()
    return db.session.scalars(select(account.c.id).where(account.c.email == email.strip().lower()))
