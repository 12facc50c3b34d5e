"""The owner's login: it makes roles, schemas and tables, and no request ever uses it."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from flask import current_app
from sqlalchemy import URL, Connection, create_engine
from sqlalchemy.pool import NullPool

from app.core.db import HIDE_PARAMETERS

NAME = "parvis owner"
Raw = psycopg.Connection[tuple[object, ...]]


@contextmanager
def transaction() -> Iterator[Connection]:
    """Open one transaction, on a connection of its own."""
    engine = create_engine(address(), poolclass=NullPool, hide_parameters=HIDE_PARAMETERS)
    with engine.begin() as connection:
        yield connection


def address() -> URL:
    """Return where the owner signs in."""
    url: URL = current_app.config["PARVIS"].database
    return url


def connect(url: URL) -> Raw:
    """Open a connection that begins nothing by itself and keeps no prepared statements; use it in a `with`."""
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True, prepare_threshold=None, application_name=NAME)
