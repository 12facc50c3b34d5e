"""What the platform says about itself: counted, never claimed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import func, select

from app.core.db import db
from tenants.models import CityRecord, CityState, ModuleToggle

MOST_CITIES = 200


@dataclass(frozen=True, slots=True)
class PublicCity:
    """A city that everybody may visit."""

    name: str
    url: str
    tagline: Mapping[str, str]
    modules: frozenset[str]


def public_cities() -> list[PublicCity]:
    """Return the cities that are live and published, by name; those being prepared are nobody's business."""
    config = current_app.config["PARVIS"]
    switched_on = func.array_remove(func.array_agg(ModuleToggle.module), None)
    statement = (
        select(CityRecord.name, CityRecord.slug, CityRecord.tagline, switched_on.label("modules"))
        .outerjoin(ModuleToggle, (ModuleToggle.city_id == CityRecord.id) & ModuleToggle.on)
        .where(CityRecord.state == CityState.LIVE, CityRecord.published)
        .group_by(CityRecord.id)
        .order_by(func.lower(CityRecord.name), CityRecord.id)
        .limit(MOST_CITIES)
    )
    return [
        PublicCity(
            row.name, config.url(f"{row.slug}.{config.base_domain}"), row.tagline, frozenset(row.modules)
        )
        for row in db.session.execute(statement)
    ]


def uses(cities: Sequence[PublicCity]) -> Counter[str]:
    """Return how many of the cities offer each module."""
    return Counter(module for city in cities for module in city.modules)


def showcase(cities: Sequence[PublicCity]) -> PublicCity | None:
    """Return the city that shows most of what there is, if any."""
    return max(cities, key=lambda city: len(city.modules), default=None)


def owner_name(owner: str) -> str:
    """Return a maintainer as people write it: `city-of-paris` is City of Paris."""
    words = owner.replace("-", " ").split()
    return " ".join(word if word == "of" else word.capitalize() for word in words)
