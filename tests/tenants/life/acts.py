"""What the tests of a city's life share: operators' acts on a city, done as the shell does them."""

from contextlib import contextmanager

from app.core.context import Actor, acting
from app.core.db import db, end_transaction
from tenants.models import CityRecord

REASON = "The contract has ended. The town hall and we are talking."
OPERATOR = Actor("operator", "7", "Olga Operator")


@contextmanager
def operating(app, slug="paris"):
    """Give the city's record to an operator and keep what she does with it."""
    kept = False
    with app.app_context(), acting(OPERATOR):
        try:
            yield db.session.query(CityRecord).filter_by(slug=slug).one()
            kept = True
        finally:
            end_transaction(keep=kept)
