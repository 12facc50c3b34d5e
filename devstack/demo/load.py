"""Make a demonstration city: its row and schema, its people, its modules and what is in them."""

from collections.abc import Callable

from flask import Flask
from sqlalchemy import select

from app.accounts.models import Role
from app.accounts.services import create_confirmed
from app.core.clock import now
from app.core.context import Actor, acting, current_city
from app.core.db import db, end_transaction
from app.core.ids import new_short_id
from app.registry import modules
from devstack.demo import articles, ideas, open_votes, past_votes, votes
from devstack.demo.content import DemoCity
from tenants import resolve, schema, toggles
from tenants.inside import inside
from tenants.models import CityRecord, CityState

PASSWORD = "parvis-demo-2026"  # noqa: S105  it is printed for everybody who runs the demonstration


def load(app: Flask, city: DemoCity, tell: Callable[[str], None]) -> bool:
    """Make the city unless it is there; returns whether it was made. A half-made one is finished."""
    with app.app_context():
        record = db.session.scalar(select(CityRecord).where(CityRecord.slug == city.slug))
        found = record.id if record else _enter(city)
        done = record is not None and record.published
        end_transaction(keep=True)
        if done:
            return False
        schema.create(f"c_{found}")
    tell(f"{city.name}: people and modules")
    with inside(app, city.slug):
        make_people(city)
    with inside(app, city.slug) as served:
        toggles.switch_on(served, [m for m in modules() if m in (*city.modules, *city.prepared_modules)])
    _fill(app, city, tell)
    _publish(app, city)
    return True


def _enter(city: DemoCity) -> str:
    record = CityRecord(
        id=new_short_id(),
        slug=city.slug,
        name=city.name,
        state=CityState.LIVE,
        languages=list(city.languages),
        time_zone=city.time_zone,
        currency=city.currency,
        brand=city.brand,
        hero=city.hero,
        tagline=dict(city.tagline),
        contact_email=city.contact_email,
        created_at=now(),
    )
    db.session.add(record)
    resolve.change()
    db.session.flush()
    return record.id


def make_people(city: DemoCity) -> None:
    """Make the accounts that a visitor can sign in with."""
    for person in city.people:
        create_confirmed(
            person.email, person.name, role=Role(person.role), language=person.language, password=PASSWORD
        )


def _fill(app: Flask, city: DemoCity, tell: Callable[[str], None]) -> None:
    """Fill the city in one transaction, as its administrator."""
    chief = next(person for person in city.people if person.role == Role.ADMINISTRATOR)
    with inside(app, city.slug), acting(Actor("staff", "", chief.name)):
        tell(f"{city.name}: news")
        articles.load(city.slug)
        tell(f"{city.name}: participatory budget")
        votes.load(city.slug)
        ideas.load(city.slug)
        open_votes.load(city.slug)
        past_votes.load(city.slug)


def _publish(app: Flask, city: DemoCity) -> None:
    with inside(app, city.slug) as served:
        if city.prepared_modules:
            toggles.switch_off(served, [m for m in city.prepared_modules if m not in city.modules])
        record = db.session.get_one(CityRecord, current_city().id)
        record.published = True
        resolve.change()
