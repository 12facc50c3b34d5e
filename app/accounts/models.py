"""Accounts, their sessions, what they ask for by mail and the links mailed to them; each city has its own."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    ForeignKey,
    LargeBinary,
    String,
    UniqueConstraint,
    false,
    or_,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import CityModel
from app.core.exporting import Personal, impersonal, left_out, not_copied, personal
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
    EMAIL = "email"


class Way(StrEnum):
    """How somebody came in."""

    PASSWORD = "password"  # noqa: S105  a way, not one of them
    LINK = "link"
    PASSKEY = "passkey"
    SERVICE = "service"


class Wish(StrEnum):
    """What somebody asks for by typing an address."""

    SIGN_UP = "sign_up"
    SIGN_IN = "sign_in"
    RESET = "reset"
    REMIND = "remind"


FACTORS_STAY = "Only this deployment's key opens it; people set their second factor up anew elsewhere."


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
    granted: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether she holds roles besides `role` (app.accounts.roles_models)."""
    totp_secret: Mapped[str | None] = mapped_column(String(200), info=left_out(FACTORS_STAY))
    """The shared secret of the second factor (RFC 6238), sealed with the deployment's key."""
    totp_step: Mapped[int] = mapped_column(
        BigInteger, default=0, server_default="0", info=left_out(FACTORS_STAY)
    )
    """The last time step a code was taken for: no code works twice. 0 until the first code."""
    recovery_hashes: Mapped[list[str]] = mapped_column(
        ARRAY(String(64)), default=list, server_default="{}", info=left_out(FACTORS_STAY)
    )

    @property
    def has_authenticator(self) -> bool:
        """Tell whether codes of an app are asked for when the person signs in."""
        return self.totp_secret is not None and self.totp_step > 0

    @hybrid_property
    def is_staff(self) -> bool:
        """Tell whether the person works for the city."""
        return self.role is not Role.RESIDENT or bool(self.granted)

    @is_staff.inplace.expression
    @classmethod
    def _is_staff(cls) -> ColumnElement[bool]:
        return or_(cls.role != Role.RESIDENT, cls.granted)


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
    way: Mapped[Way] = mapped_column(default=Way.LINK)
    strong: Mapped[bool] = mapped_column(default=False)
    """Whether a second factor was shown here, or a passkey, which is two at once."""
    proved_at: Mapped[datetime | None]
    """When the person last showed here that it is her (app.accounts.stepping_up)."""
    ends_at: Mapped[datetime | None]
    idle_minutes: Mapped[int | None]
    factor_due: Mapped[date | None]
    """From when staff need a second factor, as the city has decided: kept here so that no page has to ask."""
    provider: Mapped[str] = mapped_column(String(32), default="")
    """The service that signed her in, to be told when she signs out; with what names the sign-in there, sealed."""
    logout_hint: Mapped[str | None]
    code_hash: Mapped[str | None] = mapped_column(String(64))
    """Of a code that was mailed to be typed here."""
    code_until: Mapped[datetime | None]
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
    new_email: Mapped[str | None] = mapped_column(String(254))
    """The address that the link was mailed to, where it is to become the account's."""
    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)
    request: Mapped[AccountRequest | None] = relationship(lazy="joined")


class AccountPasskey(CityModel):
    """A passkey of a person (WebAuthn); it belongs to the host on which it was made."""

    __tablename__ = "account_passkey"
    __table_args__ = (
        {"info": left_out("A passkey works on the host it was made on; people make one anew elsewhere.")},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    host: Mapped[str] = mapped_column(String(253))
    name: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)


class AccountIdentity(CityModel):
    """A person as another service knows her (OpenID Connect): by who says so and under which name there."""

    __tablename__ = "account_identity"
    __table_args__ = (
        UniqueConstraint("issuer", "subject", name="uq_account_identity_issuer_subject"),
        {"info": not_copied("It names real people at another service.")},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    issuer: Mapped[str] = mapped_column(String(500), info=impersonal())
    subject: Mapped[str] = mapped_column(String(255), info=personal(Personal.SECRET))
    email: Mapped[str] = mapped_column(String(254), info=personal(Personal.EMAIL))
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)
