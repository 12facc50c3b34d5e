"""The platform's own site: home, catalogue, city sign-up."""

from flask import Blueprint, Flask

from app.apex import home


def blueprints(_app: Flask) -> list[Blueprint]:
    """Return the blueprints of the platform's own site."""
    return [home.bp]
