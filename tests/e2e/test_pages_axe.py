import pytest

from devstack.demo import articles, ideas, open_votes, votes
from devstack.demo.content import cities
from devstack.demo.load import make_people
from modules.participatory_budget.models import CountState
from modules.participatory_budget.services import counting, editions
from modules.participatory_budget.tests import arranging
from tenants import domains
from tenants.dns import Finding, Leads
from tests.deployment import eventually
from tests.e2e.inspection import PHONE
from tests.e2e.steps import ask_for_a_city
from tests.e2e.walk import Walk

pytestmark = pytest.mark.browser

# One city takes ideas and has votes that are open, the other one examines ideas and has a vote that is decided.
CITIES = ("paris", "budapest")
PROVEN, UNPROVEN = "services.{}.example", "www.{}.example"
OF_ADDRESSES = {"web_addresses", "change_address", "add_domain", "domain", "main_domain", "remove_domain"}


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
            make_people(city)
            articles.load(city.slug)
            votes.load(city.slug)
            ideas.load(city.slug)
            open_votes.load(city.slug)
        with deployment.arrange(city.slug) as made:
            domains.add(made, UNPROVEN.format(city.slug))
            proven = domains.add(made, PROVEN.format(city.slug))
            domains.settle(made, proven.host, domains.Verdict(Finding.FOUND, leads=Leads.HERE))

    def counted():
        with deployment.look("budapest"):
            edition = next(one for one in editions.editions() if one.slug == "2024")
            found = counting.latest(edition)
            return found is not None and found.state is CountState.DONE and edition.id

    eventually(counted, seconds=90, what="the count")
    with deployment.arrange("budapest"):
        arranging.published(editions.by_id(counted()))


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
    own = ("/admin/", *(f"/admin/settings/addresses/{host.format(city)}" for host in (PROVEN, UNPROVEN)))
    administrator = person(locale=language, city=city, role="administrator")
    walk.go(administrator, *(deployment.url(city, path) for path in own))
    assert walk.troubles == []
    assert {f"console.{page}" for page in (*OF_ADDRESSES, "export", "city_use")} <= walk.kinds
    assert len(walk.pages) >= 40


def test_the_pages_of_a_city_are_accessible_and_fit(deployment, demo_cities, person, inspector):
    walk = Walk(deployment, inspector.look_from_all_sides)
    signed_in = (
        "/",
        "/account",
        "/participatory-budget/quartiers-2026/vote",
        "/participatory-budget/2027/ideas",
    )
    through_a_city(walk, person, deployment, "paris", "fr", *signed_in)


def test_longer_words_and_larger_amounts_fit_into_a_telephone(deployment, demo_cities, person, inspector):
    walk = Walk(deployment, lambda page: inspector.look(page, PHONE))
    through_a_city(walk, person, deployment, "budapest", "hu", "/", "/account")
