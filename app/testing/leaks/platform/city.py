"""What the two cities say about themselves, their files and their modules."""

import io
from collections.abc import Iterable
from dataclasses import replace

from PIL import Image

from app.console import brand_change, city
from app.console.domain_checks import News
from app.core.context import current_city, serving
from app.core.db import db, end_transaction
from app.core.districts import add_districts, districts
from app.registry import modules
from app.services.files import store_image
from app.testing.folders import folder_of
from app.testing.leaks.filling import Twin
from app.testing.leaks.platform.owner import filling
from app.web import settings
from tenants import domains, resolve
from tenants.dns import Finding, Leads
from tenants.domains import Verdict
from tenants.models import CityRecord

SAME_NAME = f"{'a1' * 20}.webp"


@filling.content
def describe(twin: Twin) -> None:
    """Give the city a name and words of its own, and set something for each module."""
    with serving(None):
        record = db.session.get_one(CityRecord, twin.id)
        record.name = twin.text("name")
        record.tagline = twin.texts("tagline")
        record.contact_email = twin.email("hello")
        resolve.change()
        end_transaction(keep=True)
    look = brand_change.Look.of(city.record())
    brand_change.keep(replace(look, tagline=twin.texts("greeting")))
    for module in modules().values():
        values = {s.key: twin.text(s.key) if s.type == "text" else s.default for s in module.settings}
        settings.save(module, values)


@filling.content
def pictures(twin: Twin) -> None:
    """Keep a picture of the city's own, and one whose name both cities have."""
    colour = {"paris": (20, 56, 127), "budapest": (0, 105, 92)}[twin.slug]
    content = io.BytesIO()
    Image.new("RGB", (9 if twin.alone else 8, 8), colour).save(content, "PNG")
    content.seek(0)
    name = store_image(content)
    folder = folder_of(current_city())
    (folder / SAME_NAME).write_bytes((folder / name).read_bytes())


@filling.content
def domains_of_its_own(twin: Twin) -> None:
    """Claim a domain that only this city claims, which is proven, and one that both claim."""
    twin.same_ids = False
    for host in (f"{twin.key('www')}.{twin.mark}.example", f"{twin.key('both')}.claimed.example"):
        domains.add(current_city(), host)
    proven = Verdict(Finding.FOUND, leads=Leads.HERE)
    domains.settle(current_city(), f"{twin.key('www')}.{twin.mark}.example".lower(), proven)
    twin.same_ids = True


@filling.content
def parts_of_the_city(twin: Twin) -> None:
    """Make a list of districts."""
    add_districts([(twin.key(code), twin.texts(code)) for code in ("11", "12", "13")])


@filling.values("code", of="console.district")
@filling.values("code", of="console.move_district")
@filling.values("code", of="console.remove_district")
def district_codes(_twin: Twin) -> Iterable[str]:
    """Return the districts."""
    return [one.code for one in districts()]


@filling.values("host")
def hosts(twin: Twin) -> Iterable[str]:
    """Return the domains that the city claims."""
    return [domain.host for domain in domains.of(twin.id)]


@filling.values("host", "city_id")
def claims(twin: Twin) -> Iterable[tuple[str, str]]:
    """Return the domains with the city."""
    return [(domain.host, twin.id) for domain in domains.of(twin.id)]


@filling.values("host", "news")
def domain_news(twin: Twin) -> Iterable[tuple[str, str]]:
    """Return the domains with what a task says of them."""
    return [(domain.host, News.LOST.value) for domain in domains.of(twin.id)]


@filling.values("name", of="site.uploaded")
def files(_twin: Twin) -> Iterable[str]:
    """Return the names of the files that the city keeps."""
    return sorted(path.name for path in folder_of(current_city()).glob("[!.]*"))


@filling.values("filename", of="static")
def statics(_twin: Twin) -> Iterable[str]:
    """Return one of the files that all sites share."""
    return ["icons.svg"]


@filling.values("name")
def module_names(_twin: Twin) -> Iterable[str]:
    """Return every module."""
    return list(modules())


@filling.values("colour")
def colours(_twin: Twin) -> Iterable[str]:
    """Return colours as their previews are asked for."""
    return ["14387f", "00695c"]


filling.review("no text account_session.browser", "the name of a browser, none of a person's words")
filling.review("never GET site.tls_ask", "answered to the proxy alone, on the deployment's internal address")
filling.review(
    "never * console.publish",
    "the city is public already; hiding it is proved, and showing it is the same act",
)
filling.answers("console.add_domain", host="services.typed.example")
filling.answers("console.change_address", slug="lutece", typed=lambda twin: twin.slug)
filling.answers("console.main_domain", sure="y")
filling.review(
    "changes platform.check_domains", "looks at the domains of all cities, each by a task of its own"
)
filling.review("no text district.code", "a short code, which two cities may have in common")
filling.answers("console.districts", lines="20, Typed district")
filling.review("no text module_settings.*", "settings of our modules are numbers and choices")
filling.review(
    "redis registry-generation", "one mark for all cities: processes look all of them up anew when it changes"
)
filling.review("redis relay-asked", "one mark for all cities: the relay has been asked to look at the outbox")
filling.review("redis celery:relay", "asks the relay to look at the outbox, and says nothing else")
filling.review("redis limits:*/apex/*", "tries on the platform's own site, which is no city's")
filling.review("redis figures *", "sums of the whole deployment under labels of few values")
filling.review("redis city-classes *", "how busy each city is, for its operators")
filling.review("redis use-total *", "sums of the whole deployment, for its operators")
filling.review("never GET metrics.metrics", "answered on the deployment's internal address alone")
filling.review("changes platform.keep_use", "writes down what all cities did")
