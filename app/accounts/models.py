"""Accounts, their sessions, what they ask for by mail and the links mailed to them; each city has its own."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import CityModel
from app.core.exporting import Personal, impersonal, left_out, personal
from app.core.ids import new_id


class Role(StrEnum):
    """What a person is in a city; what a role may do is declared by permissions, and administrators may do all."""

    RESIDENT = "resident"
    VIEWER = "viewer"
    EDITOR = "editor"
    ADMINISTRATOR = "administrator"


class Purpose(StrEnum):
    """What a mailed link is for."""

    CONFIRM = "confirm"
    SIGN_IN = "sign_in"
    RESET = "reset"
    INVITE = "invite"
    ARRIVE = "arrive"


class Wish(StrEnum):
    """What somebody asks for by typing an address."""

    SIGN_UP = "sign_up"
    SIGN_IN = "sign_in"
    RESET = "reset"
    REMIND = "remind"


class Account(CityModel):
    """A person known to one city."""

    __tablename__ = "account"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(String(254), unique=True, info=personal(Personal.EMAIL))
    name: Mapped[str] = mapped_column(String(120), default="", info=personal(Personal.NAME))
    password_hash: Mapped[str | None] = mapped_column(String(200), info=personal(Personal.SECRET))
    language: Mapped[str] = mapped_column(String(8), info=impersonal())
    role: Mapped[Role] = mapped_column(default=Role.RESIDENT, index=True)
    confirmed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    @property
    def is_staff(self) -> bool:
        """Tell whether the person works for the city."""
        return self.role is not Role.RESIDENT


class AccountSession(CityModel):
    """A browser that is signed in; the cookie holds the secret, the row its hash."""

    __tablename__ = "account_session"
    __table_args__ = (
        {"info": left_out("People sign in anew: cookies belong to the hosts of one deployment.")},
    )

    secret_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)
    browser: Mapped[str] = mapped_column(String(120), default="")
    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)


class AccountRequest(CityModel):
    """What somebody asked for by typing an address, before anyone looks whether the address is known."""

    __tablename__ = "account_request"
    __table_args__ = (
        {"info": left_out("Waits for a mail that this deployment sends; whoever asked asks again.")},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    wish: Mapped[Wish]
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(120), default="")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(8))
    back: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime] = mapped_column(index=True)
    answered_at: Mapped[datetime | None]


class AccountLink(CityModel):
    """A link mailed to a person: works once, for a while, for one purpose."""

    __tablename__ = "account_link"
    __table_args__ = ({"info": left_out("Links in mails lead to the hosts of one deployment and soon end.")},)

    secret_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[Purpose]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
    request_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("account_request.id", ondelete="SET NULL"), index=True
    )
    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)
    request: Mapped[AccountRequest | None] = relationship(lazy="joined")
