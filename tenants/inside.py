"""Work in one city from the shell, in one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from app.core.context import City, serving
from app.core.db import end_transaction
from app.core.patience import patient
from tenants import resolve


@contextmanager
def inside(app: Flask, slug: str) -> Iterator[City]:
    """Serve the live city called `slug` and commit at the end; raises LookupError when there is none."""
    with app.app_context():
        city = resolve.city_by_slug(slug)
        if city is None or not city.is_live:
            raise LookupError(f"there is no live city called {slug}")
        kept = False
        with serving(city), patient():
            try:
                yield city
                kept = True
            finally:
                end_transaction(keep=kept)
