"""The operators' console: `/operators` of the platform's own site, and the door through which operators visit cities."""

from flask import Blueprint

from app.apex.operators import (
    acts,
    cities,
    city,
    door,
    erasures,
    everything,
    failures,
    frame,
    joining,
    limits,
    own,
    signups,
    visiting,
    work,
)
from app.apex.operators.blueprint import bp
from app.apex.operators.blueprint import door as door_blueprint

PAGES = (
    acts,
    cities,
    city,
    door,
    erasures,
    everything,
    failures,
    frame,
    joining,
    limits,
    own,
    signups,
    visiting,
    work,
)


def blueprints() -> list[Blueprint]:
    """Return the door, what is behind it, and the cities' side of visits."""
    return [door_blueprint, bp, visiting.city_side]
