"""A city's face: home, sign-in, account."""

from flask import Blueprint

from app.portal import home


def blueprints() -> list[Blueprint]:
    """Return the blueprints of a city's own pages."""
    return [home.bp]
