"""`parvis city create`, `approve` and `administrator`."""

from uuid import UUID

import click
from sqlalchemy import select

from app.accounts.services import clean_email
from app.apex import approval, provision, signup
from app.apex.administrators import name_administrator
from app.cli.shell import MakeApp, Value, as_json, city_called, on_platform, show
from app.core.db import db, end_transaction
from app.core.errors import Conflict
from app.core.i18n import LANGUAGES
from tenants import addresses, lifecycle, names
from tenants.journal import note
from tenants.models import Signup, SignupState


@click.command("create")
@click.option("--name", required=True, help="How people call the city.")
@click.option("--address", help="The first part of the host name; without this it follows from the name.")
@click.option("--administrator", required=True, metavar="EMAIL", help="Who gets the back office.")
@click.option("--language", type=click.Choice(sorted(LANGUAGES)), default="en", help="The main language.")
@as_json
@click.pass_obj
def create(
    make_app: MakeApp, name: str, address: str | None, administrator: str, language: str, as_json: bool
) -> None:
    """Make a city without a sign-up; its administrator gets a mail when it is ready."""
    with on_platform(make_app) as app:
        slug = names.clean(address, app.config["PARVIS"].base_domain) if address else names.suggest(name)
        said = addresses.trouble(slug) if slug else "say an address: this name has no letters for one"
        if said:
            raise click.ClickException(said)
        wish = signup.Wish(" ".join(name.split()), slug, clean_email(administrator), language)
        ident = _reserved(wish)
        provision.provision(str(ident))
        show(_line(db.session.get_one(Signup, ident)), as_json=as_json)


@click.command("approve")
@click.argument("signup_or_address")
@click.option("--refuse", "reason", metavar="REASON", help="Say no instead; the applicant reads why.")
@as_json
@click.pass_obj
def approve(make_app: MakeApp, signup_or_address: str, reason: str | None, as_json: bool) -> None:
    """Have the city of a sign-up made that waits for approval, or refuse it."""
    with on_platform(make_app):
        ident = _waiting(signup_or_address)
        found = approval.refuse(ident, reason) if reason is not None else approval.approve(ident)
        show(_line(found), as_json=as_json)


@click.command("administrator")
@click.argument("city")
@click.argument("email")
@as_json
@click.pass_obj
def administrator(make_app: MakeApp, city: str, email: str, as_json: bool) -> None:
    """Make somebody administrator of a city that has lost its last one; she signs in by a mailed link."""
    with on_platform(make_app):
        record = city_called(city)
        name_administrator(lifecycle.as_city(record), email)
        show({"id": record.id, "address": record.slug, "administrator": email}, as_json=as_json)


def _reserved(wish: signup.Wish) -> UUID:
    """Enter a sign-up that nobody has to confirm, and commit it."""
    entered = signup.enter(wish)
    db.session.flush()
    lifecycle.reserve(entered, wish.slug)
    note("city.created", entered.city_id)
    ident = entered.id
    end_transaction(keep=True)
    return ident


def _waiting(name: str) -> UUID:
    waiting = select(Signup.id).where(Signup.state == SignupState.WAITING)
    try:
        found = waiting.where(Signup.id == UUID(name))
    except ValueError:
        found = waiting.where(Signup.slug == name)
    ident = db.session.scalar(found)
    if ident is None:
        raise Conflict(f"no sign-up called {name} waits for approval")
    return ident


def _line(entered: Signup) -> dict[str, Value]:
    return {
        "signup": str(entered.id),
        "state": entered.state.value,
        "id": entered.city_id,
        "address": entered.slug,
        "name": entered.city_name,
    }


COMMANDS = (create, approve, administrator)
