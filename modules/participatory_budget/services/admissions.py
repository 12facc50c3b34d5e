"""Browsers in which somebody without an account may vote: admitted by a code, to one edition, for a while."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import has_request_context, session
from sqlalchemy import delete

from app.sdk import (
    Level,
    Statement,
    db,
    language,
    new_secret,
    now,
    seal_secret,
    secret_hash,
    unseal_secret,
)

from ..models import Admission, Edition
from ..rules.ways import Channel, KeyKind

LASTS = timedelta(hours=1)
COOKIE = "participatory_budget_voter"
_SEALED = "participatory_budget admission"


@dataclass(frozen=True, slots=True)
class Key:
    """Something that only one voter of an edition can have, hashed for it."""

    kind: KeyKind
    value: bytes


@dataclass(frozen=True, slots=True)
class Admitted:
    """Who has been let in: the name on the roll, how to reach her, what is known about her."""

    voter: bytes
    channel: Channel
    mail: str = ""
    phone: str = ""
    language: str = ""
    statements: tuple[Statement, ...] = ()
    keys: tuple[Key, ...] = field(default=())


def admit(edition: Edition, who: Admitted, *, lasts: timedelta = LASTS) -> None:
    """Let the person at this browser vote in this edition; whatever the browser held before is gone."""
    secret = new_secret()
    leave()
    db.session.add(
        Admission(
            secret_hash=secret_hash(secret),
            edition_id=edition.id,
            voter=who.voter,
            channel=who.channel,
            sealed=_sealed(who, secret_hash(secret)),
            language=who.language or language(),
            expires_at=now() + lasts,
        )
    )
    session.clear()
    session[COOKIE] = [str(edition.id), secret]


def admitted(edition: Edition) -> Admitted | None:
    """Return who has been let in at this browser for this edition and for how long it is still good; None for nobody."""
    kept = session.get(COOKIE) if has_request_context() else None
    if not kept or kept[0] != str(edition.id):
        return None
    found = db.session.get(Admission, secret_hash(str(kept[1])))
    if found is None or found.edition_id != edition.id or found.expires_at <= now():
        return None
    return _opened(found)


def leave() -> bool:
    """Forget who was let in at this browser, and what it shows of her; tells whether somebody was."""
    kept = session.get(COOKIE)
    if not kept:
        return False
    db.session.execute(delete(Admission).where(Admission.secret_hash == secret_hash(str(kept[1]))))
    session.clear()
    return True


def end_all(edition: Edition, voter: bytes | None = None) -> None:
    """End every admission to an edition, or those of one voter."""
    ended = delete(Admission).where(Admission.edition_id == edition.id)
    db.session.execute(ended if voter is None else ended.where(Admission.voter == voter))


def forget_expired(moment: datetime) -> int:
    """Delete what is no longer good; returns how many that were."""
    old = delete(Admission).where(Admission.expires_at <= moment)
    return len(db.session.execute(old.returning(Admission.secret_hash)).all())


def _sealed(who: Admitted, name: str) -> str:
    document = {
        "mail": who.mail,
        "phone": who.phone,
        "statements": [
            [one.attribute, one.value, one.level, one.stated_at.isoformat()] for one in who.statements
        ],
        "keys": [[key.kind, key.value.hex()] for key in who.keys],
    }
    return seal_secret(_SEALED, name.encode(), json.dumps(document))


def _opened(found: Admission) -> Admitted | None:
    text = unseal_secret(_SEALED, found.secret_hash.encode(), found.sealed)
    if text is None:
        return None
    document = json.loads(text)
    return Admitted(
        voter=found.voter,
        channel=found.channel,
        mail=document["mail"],
        phone=document["phone"],
        language=found.language,
        statements=_statements(document["statements"]),
        keys=tuple(Key(KeyKind(kind), bytes.fromhex(value)) for kind, value in document["keys"]),
    )


def _statements(kept: Sequence[Sequence[str]]) -> tuple[Statement, ...]:
    return tuple(
        Statement(attribute, value, Level(level), datetime.fromisoformat(at))
        for attribute, value, level, at in kept
    )
