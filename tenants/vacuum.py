"""Removing from disk what a city has deleted, which only the owner of its tables may."""

from app.core.context import current_city
from tenants import owner


def vacuum(*tables: str) -> None:
    """Sweep deleted rows out of these tables of the city that is served; others go on reading and writing them."""
    schema = current_city().schema
    with owner.connect(owner.address()) as connection:
        for table in tables:
            connection.execute(f'VACUUM "{schema}"."{table}"'.encode())
