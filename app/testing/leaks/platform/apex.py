"""The platform's own site: sign-ups of the two cities, and what its tasks work on."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from flask import current_app
from sqlalchemy import select

from app.apex import signup
from app.apex.setting_up import ARRIVING
from app.core.clock import now
from app.core.context import serving
from app.core.db import db, end_transaction
from app.registry import modules
from app.testing.leaks.filling import Twin
from app.testing.leaks.platform.owner import filling
from tenants.models import PlatformMail, Signup, SignupState


@filling.content
def sign_ups(twin: Twin) -> None:
    """Enter a wish, a city that could not be made and one that is ready, with their secrets."""
    with serving(None):
        for number, state in enumerate((SignupState.REQUESTED, SignupState.FAILED, SignupState.READY)):
            signup.ask(
                signup.Wish(
                    twin.text(state.value), f"{twin.key(twin.slug)}-{number}", twin.email(state.value), "en"
                )
            )
            made = db.session.scalars(select(Signup).where(Signup.email == twin.email(state.value))).one()
            made.state = state
            if state is SignupState.READY:
                made.city_id, made.slug = twin.id, twin.slug
                until = int((now() + timedelta(hours=1)).timestamp())
                twin.on_apex[ARRIVING] = [str(made.id), until]
            twin.keep("sign-up", signup.secret_of(made))
            twin.keep("sign-up id", str(made.id))
        end_transaction(keep=True)


@filling.values("secret")
def secrets(twin: Twin) -> Iterable[str]:
    """Return the secrets of sign-ups."""
    return twin.kept["sign-up"]


@filling.values("signup_id")
def sign_up_ids(twin: Twin) -> Iterable[str]:
    """Return the sign-ups."""
    return twin.kept["sign-up id"]


@filling.values("path", of="apex_catalogue.module")
def module_paths(_twin: Twin) -> Iterable[str]:
    """Return the modules as addresses have them."""
    return [module.path for module in modules().values()]


@filling.values("mail_id")
def sent_mails(_twin: Twin) -> Iterable[str]:
    """Return the mails that the dev stack shows."""
    folder = Path(current_app.config["PARVIS"].mail_url.removeprefix("file://"))
    return sorted(path.stem for path in folder.glob("[!.]*.json"))[:3]


@filling.values("mail_id", of="platform.deliver")
def platform_mails(_twin: Twin) -> Iterable[UUID]:
    """Return what the platform itself has written."""
    return _of_platform(select(PlatformMail.id).limit(3))


def _of_platform(statement: object) -> list[UUID]:
    with serving(None):
        found = list(db.session.scalars(statement))  # type: ignore[call-overload]
        end_transaction(keep=True)
    return found


for _endpoint in ("apex.home", "front", "apex_catalogue.index", "apex_catalogue.module"):
    filling.review(f"shows {_endpoint}", "lists the cities that are public, by name")
for _endpoint in ("index", "mail", "as_sent"):
    filling.review(
        f"shows apex_dev_mail.{_endpoint}", "shows all mails on a developer's machine; absent elsewhere"
    )
filling.answers("apex_start.ask", city_name="Nouvelle ville", email="mayor@typed.example", language="en")
filling.review("never GET site.security_txt", "there is none without a contact; tests/security names one")
