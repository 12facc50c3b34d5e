from collections import deque
from urllib.parse import urlsplit

import pytest
from werkzeug.exceptions import HTTPException

from devstack.demo import articles, votes
from devstack.demo.content import cities
from modules.participatory_budget.models import CountState
from modules.participatory_budget.services import counting, editions
from tests.deployment import BASE, eventually
from tests.e2e.inspection import PHONE
from tests.e2e.steps import ask_for_a_city

pytestmark = pytest.mark.browser

LINKS = "() => [...document.links].filter(a => !a.hasAttribute('download')).map(a => a.href)"
IS_PAGE = (
    "async url => (await fetch(url, {method: 'HEAD'})).headers.get('content-type').startsWith('text/html')"
)
# One city has a vote that is open, the other one that is decided.
CITIES = ("paris", "budapest")


@pytest.fixture(scope="package")
def demo_cities(deployment):
    """Paris and Budapest, filled as for the demonstration; the result of Budapest is published."""
    for city in (city for city in cities() if city.slug in CITIES):
        deployment.make_city(
            city.slug,
            city.name,
            languages=list(city.languages),
            time_zone=city.time_zone,
            currency=city.currency,
            brand=city.brand,
            hero=city.hero,
            tagline=dict(city.tagline),
        )
        with deployment.arrange(city.slug):
            articles.load(city.slug)
            votes.load(city.slug)

    def counted():
        with deployment.look("budapest"):
            edition = editions.editions()[0]
            found = counting.latest(edition)
            return found is not None and found.state is CountState.DONE and edition.id

    eventually(counted, seconds=90, what="the count")
    with deployment.arrange("budapest"):
        counting.publish_result(counted())


class Walk:
    """Follows every link from page to page of one site, to each kind of page once."""

    def __init__(self, deployment, look):
        self.urls = deployment.app.url_map.bind(BASE)
        self.look = look
        self.ways, self.known = deque(), set()
        self.pages, self.troubles = [], []

    def go(self, person, *starts):
        """Walk as somebody, through what nobody has seen before; `starts` are looked at in any case."""
        for start in starts:
            self._visit(person, start)
        while self.ways:
            found = self.ways.popleft()
            if person.page.evaluate(IS_PAGE, found):
                self._visit(person, found)

    def _visit(self, person, address):
        answer = person.page.goto(address)
        assert answer.status == 200, address
        path = urlsplit(address).path
        self.known.add(self._kind(path))
        self.pages.append(path)
        self.troubles += [f"{path}: {trouble}" for trouble in self.look(person.page)]
        for link in person.page.evaluate(LINKS):
            self._note(link, urlsplit(address).hostname)

    def _note(self, address, host):
        parts = urlsplit(address)
        kind = self._kind(parts.path)
        if parts.hostname == host and kind is not None and kind not in self.known:
            self.known.add(kind)
            self.ways.append(address)

    def _kind(self, path):
        try:
            return self.urls.match(path, method="GET")[0]
        except HTTPException:
            return None


def test_the_pages_of_the_platform_are_accessible_and_fit(deployment, demo_cities, person, inspector):
    walk = Walk(deployment, inspector.look_from_all_sides)
    # A mail as mail programs show it is no page of ours.
    walk.known.add("apex_dev_mail.as_sent")
    mayor = person()
    mayor.open("", "/start")
    ask_for_a_city(mayor, "Millwater", "mayor@millwater.example")
    mayor.waits_for("", "/dev/mail", mayor.page.get_by_text("To mayor@millwater.example"))
    walk.go(mayor, *(deployment.url(path=path) for path in ("/", "/start/check-mail", "/dev/mail")))
    assert walk.troubles == []
    assert len(walk.pages) >= 7


def through_a_city(walk, person, deployment, city, language, *signed_in):
    """Walk as a visitor, then through what residents and the administrator see besides."""
    walk.go(person(locale=language), deployment.url(city))
    resident = person(locale=language, city=city, role="resident")
    walk.go(resident, *(deployment.url(city, path) for path in signed_in))
    walk.go(person(locale=language, city=city, role="administrator"), deployment.url(city, "/admin/"))
    assert walk.troubles == []
    assert len(walk.pages) >= 30


def test_the_pages_of_a_city_are_accessible_and_fit(deployment, demo_cities, person, inspector):
    walk = Walk(deployment, inspector.look_from_all_sides)
    signed_in = ("/", "/account", "/participatory-budget/2026/vote")
    through_a_city(walk, person, deployment, "paris", "fr", *signed_in)


def test_longer_words_and_larger_amounts_fit_into_a_telephone(deployment, demo_cities, person, inspector):
    walk = Walk(deployment, lambda page: inspector.look(page, PHONE))
    through_a_city(walk, person, deployment, "budapest", "hu", "/", "/account")
