"""Browsers and cities that speak English, whatever the test city does; which tests begin first."""

from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager

import pytest
from flask_babel import force_locale


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no process works alone at the end."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture
def english(site) -> Callable[..., object]:
    """Open a browser that reads English: `english(role="editor")`."""

    def make(slug="paris", **who):
        browser = site(slug, **who)
        browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        return browser

    return make


@pytest.fixture
def in_city_in_english(in_city) -> Callable[..., AbstractContextManager[None]]:
    """Work in a city and read English: `with in_city_in_english():`."""

    @contextmanager
    def enter(slug="paris"):
        with in_city(slug), force_locale("en"):
            yield

    return enter
