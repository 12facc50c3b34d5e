"""Whom the fixtures sign in."""

from uuid import UUID

from sqlalchemy import select

from app.core.db import db
from app.notify.people import account


def me(email: str = "resident@paris.example") -> UUID:
    """Return the account of the fixture `resident`; inside a city."""
    found = select(account.c.id).where(account.c.email == email)
    return db.session.execute(found).scalar_one()
