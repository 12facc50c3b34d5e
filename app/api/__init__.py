"""What programs can ask of a city: `/api/v1`, its description, and the page that explains both."""

from flask import Blueprint

from app.api import audit, city, document, hooks, page
from app.api.blueprint import bp

PARTS = (city, audit, hooks, document)


def blueprints() -> list[Blueprint]:
    """Return the blueprints of the API."""
    return [bp, page.bp]
