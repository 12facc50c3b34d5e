"""Which holdings there are in the city being served."""

from sqlalchemy import text

from app.core.context import current_city
from app.core.db import db
from app.core.people import HOLDINGS, Holding
from app.registry import modules

PLATFORM = "platform"


def present() -> list[Holding]:
    """Return what the city may hold: the platform's own, and those of modules that have tables here, off or on."""
    made = set(db.session.scalars(text("SELECT module FROM module_revision")))
    return [one for one in HOLDINGS.values() if one.owner == PLATFORM or one.owner in made & set(modules())]


def in_use() -> list[Holding]:
    """Return what the city holds now: the platform's own, and those of modules that are on."""
    on = current_city().modules
    return [one for one in HOLDINGS.values() if one.owner == PLATFORM or one.owner in on]
