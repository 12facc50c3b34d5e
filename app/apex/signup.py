"""Signing a city up: ask for it, confirm by mail, try again; known and unknown e-mail addresses look alike."""

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from flask import current_app, url_for
from sqlalchemy import select

from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.core.i18n import gettext as _
from app.core.i18n import language as current_language
from app.core.ids import keyed_hash, new_id, secret_hash
from app.core.jobs import enqueue
from app.notify.mail import send_mail
from tenants import lifecycle
from tenants.addresses import host_of
from tenants.models import Signup, SignupState

LINK_LIFETIME = timedelta(hours=24)
MOST_MENTIONED = 5


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for."""

    city_name: str
    slug: str
    email: str
    language: str


def ask(wish: Wish) -> None:
    """Mail the link that confirms the wish, with what this address asked for before; asked again, the same link."""
    earlier = _of(wish.email)
    signup = next((s for s in earlier if _is_for(s, wish)), None) or enter(wish)
    signup.expires_at = now() + LINK_LIFETIME
    send_mail(
        "city_link",
        wish.email,
        current_language(),
        about=str(signup.id),
        link=url_for("apex_start.link", secret=secret_of(signup), _external=True),
        city_name=signup.city_name,
        address=host_of(signup.slug),
        requests=[_mention(s) for s in earlier if s is not signup and s.state is not SignupState.READY],
        cities=[(s.city_name, url_of(s)) for s in earlier if s.state is SignupState.READY],
    )


def find(secret: str, *, lock: bool = False) -> Signup:
    """Return the sign-up behind a mailed link; raises NotFound for one that is over or never was."""
    statement = select(Signup).where(Signup.token_hash == secret_hash(secret))
    signup = db.session.scalar(statement.with_for_update() if lock else statement)
    over = signup is not None and signup.state is SignupState.REQUESTED and signup.expires_at < now()
    if signup is None or over:
        raise NotFound(_("This link no longer works."))
    return signup


def confirm(signup: Signup, slug: str) -> None:
    """Reserve the address and have the city made; done before, it does nothing. Raises lifecycle.Taken."""
    if signup.state not in (SignupState.REQUESTED, SignupState.FAILED):
        return
    lifecycle.reserve(signup, slug)
    enqueue("platform.provision", signup_id=str(signup.id))


def secret_of(signup: Signup) -> str:
    """Return the secret in a sign-up's link; computed, so that the same link can be mailed again."""
    return _secret(signup.id)


def url_of(signup: Signup, path: str = "/") -> str:
    """Return the address of a page of the sign-up's city."""
    url: str = current_app.config["PARVIS"].url(host_of(signup.slug), path)
    return url


def enter(wish: Wish) -> Signup:
    """Return a new sign-up that nobody has confirmed yet."""
    ident = new_id()
    moment = now()
    signup = Signup(
        id=ident,
        token_hash=secret_hash(_secret(ident)),
        city_name=wish.city_name,
        slug=wish.slug,
        email=wish.email,
        language=wish.language,
        state=SignupState.REQUESTED,
        attempts=0,
        created_at=moment,
        expires_at=moment + LINK_LIFETIME,
    )
    db.session.add(signup)
    return signup


def _is_for(signup: Signup, wish: Wish) -> bool:
    """Tell whether this very wish was asked for before; a stranger who knows the e-mail address changes nothing."""
    asked = Wish(signup.city_name, signup.slug, signup.email, signup.language)
    return signup.state is SignupState.REQUESTED and asked == wish


def _of(email: str) -> Sequence[Signup]:
    """Return what this address asked for lately, newest first, without requests that are over."""
    asked = select(Signup).where(
        Signup.email == email, (Signup.state != SignupState.REQUESTED) | (Signup.expires_at > now())
    )
    return db.session.scalars(asked.order_by(Signup.id.desc()).limit(MOST_MENTIONED)).all()


def _mention(signup: Signup) -> tuple[str, str]:
    return signup.city_name, url_for("apex_start.link", secret=secret_of(signup), _external=True)


def _secret(ident: UUID) -> str:
    return urlsafe_b64encode(keyed_hash("sign-up link", ident.bytes)).rstrip(b"=").decode()
