from dataclasses import replace

import pytest

from app.factory import create_app
from app.testing.browsers import Browser
from tests.apex.operators.conftest import apex, join, link, operator, shell  # noqa: F401


@pytest.fixture(scope="module")
def https_app(whole_app, services):
    """The application as it stands behind a proxy that speaks HTTPS, on the same database."""
    made = create_app(replace(services, scheme="https", port=None, secret_key="of the tests"))
    made.test_client_class = Browser
    made.config.update(TESTING=True)
    return made


@pytest.fixture
def everybody(app, site, operator):  # noqa: F811
    """Browsers of somebody who is nobody, of one who may do all in a city, and of an operator on the platform's site."""
    return {
        "visitor": site("paris"),
        "administrator": site("paris", role="administrator"),
        "operator": operator,
    }
