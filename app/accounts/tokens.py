"""Tokens with which programs come in: made by administrators, shown once, kept as a hash, limited to scopes."""

import re
import secrets
import zlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, String, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.current import current_account
from app.core.audit import audit
from app.core.clock import now
from app.core.context import Actor
from app.core.db import CityModel, db
from app.core.errors import Conflict, Invalid, NotFound
from app.core.exporting import left_out
from app.core.i18n import gettext as _
from app.core.ids import new_id, secret_hash
from app.core.people import Basis, Holding, Record, holds

# What programs that look for leaked secrets search for; the last eight digits tell a real one from a mistyped one.
PREFIX = "parvis_"
FORM = re.compile(r"parvis_([0-9a-f]{40})([0-9a-f]{8})\Z")
SHOWN = len(PREFIX) + 6
NAME_LENGTH = 80
MOST = 100
LONGEST = timedelta(days=366)
# Every use of a token is a reading of its row; that it was used is written down once in a while.
USE_NOTED_EVERY = timedelta(hours=1)


class ApiToken(CityModel):
    """What lets a program in."""

    __tablename__ = "api_token"
    __table_args__ = (
        {"info": left_out("Tokens belong to one deployment; programs elsewhere get new ones.")},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    beginning: Mapped[str] = mapped_column(String(24))
    """The first characters, by which people tell one from another."""
    scopes: Mapped[list[str]] = mapped_column(JSONB)
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    made_by_name: Mapped[str] = mapped_column(String(160), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    @property
    def works(self) -> bool:
        """Tell whether it still lets somebody in."""
        return self.revoked_at is None and self.expires_at > now()

    @property
    def actor(self) -> Actor:
        """Return who acts with it, as the audit log writes it down."""
        return Actor("token", str(self.id), self.name)


def new_token_secret() -> str:
    """Return a fresh token: 160 random bits and a checksum."""
    random = secrets.token_hex(20)
    return f"{PREFIX}{random}{zlib.crc32(random.encode()):08x}"


def is_token(text: str) -> bool:
    """Tell whether a text can be a token at all, without asking anybody."""
    found = FORM.match(text)
    return found is not None and int(found[2], 16) == zlib.crc32(found[1].encode())


def issue(name: str, scopes: Iterable[str], *, days: int, by: Actor) -> tuple[ApiToken, str]:
    """Make a token and return it with its secret, which nobody sees again; raises Invalid."""
    wanted, called = sorted(set(scopes)), name.strip()[:NAME_LENGTH]
    if not called:
        raise Invalid(_("Give the token a name that says which program has it."))
    if not wanted:
        raise Invalid(_("Choose what the program may do."))
    if not timedelta(0) < timedelta(days=days) <= LONGEST:
        raise Invalid(_("Choose until when the token works: a year at most."))
    if len(tokens()) >= MOST:
        raise Conflict(_("There are too many tokens. Revoke those that nobody uses any more."))
    secret, account = new_token_secret(), current_account()
    token = ApiToken(
        id=new_id(),
        name=called,
        secret_hash=secret_hash(secret),
        beginning=secret[:SHOWN],
        scopes=wanted,
        made_by=account.id if account else None,
        made_by_name=by.name,
        created_at=now(),
        expires_at=now() + timedelta(days=days),
    )
    db.session.add(token)
    audit("tokens.issued", subject=f"token:{token.id}", name=called, scopes=", ".join(wanted))
    return token, secret


def tokens() -> Sequence[ApiToken]:
    """Return the tokens that have not been revoked, the newest first."""
    found = select(ApiToken).where(ApiToken.revoked_at.is_(None))
    return db.session.scalars(found.order_by(ApiToken.id.desc()).limit(MOST)).all()


def token_of(token_id: UUID) -> ApiToken:
    """Return a token that has not been revoked; raises NotFound."""
    token = db.session.get(ApiToken, token_id, with_for_update=True)
    if token is None or token.revoked_at is not None:
        raise NotFound(_("There is no such token."))
    return token


def revoke(token_id: UUID) -> ApiToken:
    """End a token with the next request; raises NotFound."""
    token = token_of(token_id)
    token.revoked_at = now()
    audit("tokens.revoked", subject=f"token:{token.id}", name=token.name)
    return token


def recognise(text: str) -> ApiToken | None:
    """Return the token that a program has shown, if it still works; notes now and then that it was used."""
    if not is_token(text):
        return None
    token = db.session.scalar(select(ApiToken).where(ApiToken.secret_hash == secret_hash(text)))
    if token is None or not token.works:
        return None
    if token.used_at is None or token.used_at < now() - USE_NOTED_EVERY:
        _note_use(token)
    return token


def _note_use(token: ApiToken) -> None:
    """Write down that a token is used; requests that come at the same time do not wait for each other to do it."""
    mine = select(ApiToken.id).where(ApiToken.id == token.id)
    if db.session.scalar(mine.with_for_update(key_share=True, skip_locked=True)) is not None:
        token.used_at = now()


def _collect(account_id: UUID) -> Iterable[Record]:
    made = select(ApiToken).where(ApiToken.made_by == account_id).order_by(ApiToken.id)
    for token in db.session.scalars(made):
        yield {"name": token.name, "made_at": token.created_at, "expires_at": token.expires_at}


def _erase(account_id: UUID) -> None:
    mine = update(ApiToken).where(ApiToken.made_by == account_id)
    db.session.execute(mine.values(made_by=None, made_by_name=""))


holds(
    Holding(
        "platform.tokens",
        _l("Tokens of programs"),
        _l("To know who gave a program access to the city."),
        Basis.PUBLIC_TASK,
        _l("As long as the token is listed; without the person's name once they have left."),
        _collect,
        _erase,
        tables=("api_token",),
    )
)
