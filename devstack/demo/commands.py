"""`parvis demo`: load the demonstration cities and say how to sign in."""

import time
from collections.abc import Callable
from datetime import timedelta

import click
from flask import Flask
from sqlalchemy import select

from app.core.clock import now
from app.core.context import Actor, acting
from app.sdk import Account, Role, db
from devstack.demo import content, realised
from devstack.demo.load import PASSWORD, load
from modules.participatory_budget.models import CountState, Edition
from modules.participatory_budget.rules.phases import Stage
from modules.participatory_budget.services import certifying, counting, editions
from tenants.inside import inside

WAIT_SECONDS = 120.0


@click.group("demo")
def group() -> None:
    """Demonstration cities."""


@group.command("load")
@click.pass_obj
def load_cities(make_app: Callable[[], Flask]) -> None:
    """Make the demonstration cities that are not there yet."""
    for city in content.cities():
        if not load(make_app(), city, click.echo):
            click.echo(f"{city.name}: is there")


@group.command("publish")
@click.pass_obj
def publish(make_app: Callable[[], Flask]) -> None:
    """Wait for the worker to count what was imported, then publish the results."""
    for city in content.cities():
        chief = next(person for person in city.people if person.role == "administrator")
        for key in content.decided(city.slug):
            _publish(make_app(), city.slug, key, Actor("staff", "", chief.name))


@group.command("sign-ins")
def sign_ins() -> None:
    """Say who can sign in where."""
    for city in content.cities():
        for person in city.people:
            click.echo(f"{city.name:<10} {person.role:<14} {person.email:<24} {PASSWORD}")
    click.echo("A result is signed by two people: one administrator of the city after the other.")


def _sign(edition: Edition) -> None:
    """Have both administrators of the city sign the result of a count."""
    signers = select(Account).where(Account.role == Role.ADMINISTRATOR).order_by(Account.email).limit(2)
    for person in db.session.scalars(signers).all():
        seen = certifying.digest_of(counting.finished(edition))
        certifying.certify(edition.id, certifying.Signer(person.id, person.name), seen)


def _publish(app: Flask, slug: str, edition: str, actor: Actor) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        with inside(app, slug), acting(actor):
            found = next(e for e in editions.editions() if e.slug == edition)
            count = counting.latest(found)
            if found.stage is Stage.RESULTS:
                return
            if found.stage is Stage.COUNTED:
                _sign(found)
                certifying.publish_result(found.id)
                if found.imported:
                    realised.load(found)
                # The vote was long ago; what became of its projects has been told since.
                found.published_at = (found.closes_at or now()) + timedelta(days=30)
                click.echo(
                    f"{slug}, {edition}: {count.total if count else 0} ballots counted, result published"
                )
                return
            if count is not None and count.state is CountState.FAILED:
                raise click.ClickException(f"{slug}: the count failed: {count.failure}")
        time.sleep(0.3)
    raise click.ClickException(f"{slug}: the worker has not counted the ballots in {WAIT_SECONDS:.0f} s")
