"""The application without the bound on how many cities a connection serves."""

import sys

from app.core import db

db.CITIES_PER_CONNECTION = sys.maxsize

from app.wsgi import app  # noqa: E402  the bound comes first

__all__ = ["app"]
