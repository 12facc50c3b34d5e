"""People with real browsers, with JavaScript and without, in front of a deployment of its own."""

import shutil
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import Browser

from devstack.services import scratch_dir
from tests.deployment import Deployment, host_of
from tests.e2e import chromium
from tests.e2e.inspection import DESK, HEIGHT, PHONE, Inspector
from tests.e2e.person import PATIENCE_MS, Person

COOKIE = "__Host-parvis"


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The browser, once for all tests."""
    with chromium.launched() as browser:
        yield browser


@pytest.fixture(scope="package")
def deployment(browser: Browser) -> Iterator[Deployment]:
    """Web, worker, beat and their servers; not started where there is no browser."""
    state = scratch_dir()
    made = Deployment(state, durable=False)
    try:
        yield made.start()
    finally:
        made.stop()
        shutil.rmtree(state, ignore_errors=True)


@pytest.fixture(scope="package")
def inspector(browser: Browser) -> Inspector:
    """Whoever looks at pages with axe."""
    return Inspector(browser)


@pytest.fixture(scope="package")
def _numbers() -> Iterator[int]:
    return count(1)


@pytest.fixture
def new_city(deployment: Deployment, _numbers: Iterator[int]) -> Callable[..., str]:
    """Make a city of this test's own and return its address: `new_city("Riverton", modules=["news"])`."""

    def make(name: str, **how: object) -> str:
        slug = f"{name.lower()}-{next(_numbers)}"
        deployment.make_city(slug, name, **how)  # type: ignore[arg-type]
        return slug

    return make


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
def scripts(request: pytest.FixtureRequest) -> bool:
    """With JavaScript and without."""
    return bool(request.param)


@pytest.fixture
def person(browser: Browser, deployment: Deployment, inspector: Inspector) -> Iterator[Callable[..., Person]]:
    """Open a browser: `person(scripts=False)`, `person(city=slug, role="administrator", locale="fr")`.

    `called` tells two with the same role apart. Without scripts it is a telephone. Who does not look `closely` has no
    page inspected. At the end, whatever a page complained about fails the test.
    """
    people: list[Person] = []

    def sit_down(
        *,
        scripts: bool = True,
        city: str = "",
        role: str = "",
        called: str = "",
        closely: bool = True,
        **window: Any,
    ) -> Person:
        width = DESK if scripts else PHONE
        usual = {
            "viewport": {"width": width, "height": HEIGHT},
            "locale": "en-GB",
            "reduced_motion": "reduce",
        }
        context = browser.new_context(java_script_enabled=scripts, **{**usual, **window})
        if role:
            value = deployment.sign_in(city, [f"{called or role}@{city}.example"], role)[0]
            context.add_cookies([{"name": COOKIE, "value": value, "url": f"https://{host_of(city)}/"}])
        context.set_default_timeout(PATIENCE_MS)
        people.append(Person(context.new_page(), deployment, inspector if closely else None))
        return people[-1]

    yield sit_down
    for one in people:
        one.page.context.close()
    assert [trouble for one in people for trouble in one.troubles] == []
