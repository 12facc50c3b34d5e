import pytest

from app.core import redis
from app.core.context import serving
from app.core.db import end_transaction
from app.core.quotas import Resource
from tenants import quotas, resolve, usage


@pytest.fixture(autouse=True)
def _nothing_counted_yet(app):
    """Forget what tests before counted in this process."""
    with app.app_context():
        usage.flush()
        redis.client().flushdb()


@pytest.fixture
def give(app):
    """Let a city use so much of something: `give("paris", accounts=3)`."""

    def put(slug, **wanted):
        with app.app_context():
            for name, number in wanted.items():
                quotas.put(resolve.city_by_slug(slug).id, Resource(name), number)
            end_transaction(keep=True)

    return put


@pytest.fixture
def used(app):
    """Return what a city uses, by resource."""

    def read(slug="paris"):
        with app.app_context(), serving(resolve.city_by_slug(slug)) as city:
            found = {use.resource.value: (use.used, use.most) for use in quotas.uses(city)}
            end_transaction(keep=False)
        return found

    return read
