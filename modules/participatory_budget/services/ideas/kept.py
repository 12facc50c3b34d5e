"""What somebody typed when her session had ended: it waits until she has signed in and comes back."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete

from app.sdk import db, now

from ...models import KeptWords

KEPT_FOR = timedelta(hours=3)
MOST_CHARACTERS = 20_000


def keep(words: Mapping[str, str]) -> UUID | None:
    """Keep the fields of a form and return under which id; None where there is nothing worth it."""
    known = {name: value for name, value in words.items() if value}
    if not known or sum(map(len, known.values())) > MOST_CHARACTERS:
        return None
    row = KeptWords(words=known, kept_at=now())
    db.session.add(row)
    db.session.flush()
    return row.id


def kept(ident: UUID | None) -> dict[str, str]:
    """Return the fields that were kept; none after some hours, or for an id that nobody has."""
    row = db.session.get(KeptWords, ident) if ident is not None else None
    if row is None or row.kept_at < now() - KEPT_FOR:
        return {}
    return {name: str(value) for name, value in row.words.items()}


def forget_old(moment: datetime) -> int:
    """Delete what nobody came back for."""
    old = delete(KeptWords).where(KeptWords.kept_at < moment - KEPT_FOR)
    return len(db.session.scalars(old.returning(KeptWords.id)).all())
