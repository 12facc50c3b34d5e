"""Codes for letters: made in a batch, printed once, kept as hashes, each used once."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from app.accounts.attributes.kinds import kinds
from app.accounts.rolls.hashing import code_hash
from app.accounts.rolls.models import Roll, RollKind
from app.core.audit import audit
from app.core.clock import now
from app.core.db import db
from app.core.errors import Invalid
from app.core.i18n import gettext as _
from app.core.ids import new_id

# No letter that looks like another, in print or by hand: 30^12 are 58 bits.
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ236789"
LENGTH, GROUP = 12, 4
MOST, MOST_SHEETS = 20_000, 500
LASTS = timedelta(days=90)


def make(
    title: str, number: int, grants: Mapping[str, str], *, ends_at: datetime | None = None
) -> tuple[Roll, Sequence[str]]:
    """Make codes and return the batch with them; nobody can see them again. Raises Invalid."""
    known = kinds()
    if not title.strip():
        raise Invalid(_("Write what the letters are for."))
    if not 1 <= number <= MOST:
        raise Invalid(_("Enter a number from 1 to %(most)s.", most=MOST))
    if not grants or any(
        name not in known or known[name].clean(value) != value for name, value in grants.items()
    ):
        raise Invalid(_("Choose what a code proves."))
    moment = now()
    batch = Roll(
        id=new_id(),
        kind=RollKind.CODES,
        title=title.strip(),
        fields=["code"],
        grants=dict(grants),
        entries=number,
        made_at=moment,
        ends_at=ends_at or moment + LASTS,
    )
    db.session.add(batch)
    db.session.flush()
    codes = sorted({_code() for _place in range(number)})
    while len(codes) < number:
        codes = sorted({*codes, _code()})
    db.session.connection().exec_driver_sql(
        "INSERT INTO roll_entry (roll_id, digest) SELECT %(roll)s, unnest(%(digests)s::bytea[])",
        {"roll": batch.id, "digests": [code_hash(code) for code in codes]},
    )
    audit("people.codes_made", **batch.told, number=number)
    return batch, [grouped(code) for code in codes]


def grouped(code: str) -> str:
    """Return a code as it is printed."""
    return "-".join(code[place : place + GROUP] for place in range(0, LENGTH, GROUP))


def _code() -> str:
    return "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))
