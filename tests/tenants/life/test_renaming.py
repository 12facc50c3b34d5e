from urllib.parse import unquote_to_bytes

import pytest

from app.core.audit import latest
from app.core.db import db, end_transaction
from app.core.errors import Invalid
from tenants import addresses
from tenants.addresses import Taken
from tenants.models import CityRecord, FormerSlug
from tests.tenants.life.acts import OPERATOR, operating

OLD, NEW = "http://paris.parvis.localhost:8000", "http://lutece.parvis.localhost:8000"


def test_the_old_address_leads_to_the_new_one_with_path_and_question(rename, site):
    rename(slug="lutece")
    answer = site("paris").get("/news/?page=2&q=%C3%A9t%C3%A9%26a")
    assert (answer.status_code, answer.location) == (301, f"{NEW}/news/?page=2&q=%C3%A9t%C3%A9%26a")
    assert answer.headers["Cache-Control"] == "no-store"
    assert site("lutece").get("/").status_code == 200


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("/a%20b/%C3%A9", "/a%20b/%C3%A9"),
        ("/100%25", "/100%25"),
        ("//evil.example/x", "/evil.example/x"),
        ("/%0d%0aSet-Cookie:x=1", "/%0D%0ASet-Cookie:x=1"),
        ("/?next=https://evil.example", "/?next=https://evil.example"),
    ],
)
def test_no_path_leads_away_from_the_city(rename, app, path, leads_to):
    rename(slug="lutece")
    route, _, query = path.partition("?")
    answer = app.test_client().get(
        environ_overrides={
            "PATH_INFO": unquote_to_bytes(route).decode("latin-1"),
            "QUERY_STRING": query,
            "HTTP_HOST": "paris.parvis.localhost:8000",
        }
    )
    assert answer.status_code == 301
    assert answer.location == f"{NEW}{leads_to}"


def test_what_is_sent_to_the_old_address_is_led_on_as_it_is(rename, site):
    rename(slug="lutece")
    answer = site("paris").post("/sign-in", data={"email": "a@example.org"})
    assert (answer.status_code, answer.location) == (308, f"{NEW}/sign-in")
    assert site("paris").head("/contact").status_code == 301


def test_a_part_of_a_page_from_before_loads_the_page_anew(rename, site):
    rename(slug="lutece")
    answer = site("paris").get("/news/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (200, "true")


def test_all_addresses_that_a_city_had_lead_to_the_present_one(rename, site):
    rename(slug="lutece")
    rename("lutece", slug="paname")
    for former in ("paris", "lutece"):
        assert site(former).get("/contact").location == "http://paname.parvis.localhost:8000/contact"


def test_a_city_can_take_its_former_address_back(app, rename, site):
    rename(slug="lutece")
    rename("lutece", slug="paris")
    assert site("paris").get("/").status_code == 200
    assert site("lutece").get("/").location == f"{OLD}/"
    with operating(app) as record:
        kept = {row.slug for row in db.session.query(FormerSlug).filter_by(city_id=record.id)}
    assert kept == {"lutece"}


def test_nobody_else_gets_a_former_address(app, rename, site):
    rename(slug="lutece")
    with app.app_context():
        assert not addresses.is_free("paris")
        assert addresses.is_free("paris", city_id="testparis")
        assert "paris" not in addresses.free_alternatives("paris", language="fr")
    with pytest.raises(Taken):
        rename("budapest", slug="paris")
    assert site("budapest").get("/").status_code == 200
    page = site("").get("/start/address?slug=paris", headers={"Accept-Language": "en"}).text
    assert "is already taken" in page


@pytest.mark.parametrize("slug", ["www", "x", "Paris 2", "budapest", "a" * 41, "-paris", "pa--ris"])
def test_an_address_that_cannot_be_had_changes_nothing(app, rename, slug):
    with pytest.raises((Invalid, Taken)):
        rename(slug=slug, name="Elsewhere")
    with operating(app) as record:
        assert (record.slug, record.name) == ("paris", "Paris")


def test_a_new_name_holds_with_the_next_request(rename, site):
    assert "Lutèce" not in site("paris").get("/").text
    rename(name="  Lutèce ")
    page = site("paris").get("/")
    assert page.status_code == 200
    assert "Lutèce" in page.text


@pytest.mark.parametrize("name", ["", "   ", "x" * 121])
def test_a_city_keeps_a_name_that_can_be_read(app, rename, name):
    with pytest.raises(Invalid):
        rename(name=name)
    with operating(app) as record:
        assert record.name == "Paris"


def test_the_citys_log_tells_what_it_was_before(rename, in_city):
    rename(slug="lutece", name="Lutèce")
    with in_city("lutece"):
        entry = latest(1)[0]
        assert (entry.action, entry.actor_name) == ("city.renamed", OPERATOR.name)
        assert entry.details == {
            "slug": "lutece",
            "slug_before": "paris",
            "name": "Lutèce",
            "name_before": "Paris",
        }


def test_nothing_is_written_when_nothing_changes(rename, in_city):
    rename(slug="paris", name="Paris")
    with in_city("paris"):
        assert [entry.action for entry in latest(1)] == []


def test_people_sign_in_again_at_the_new_address(rename, site):
    resident = site("paris", role="resident")
    assert resident.get("/account").status_code == 200
    rename(slug="lutece")
    resident.host = "lutece.parvis.localhost"
    assert resident.get("/account").location.startswith("/sign-in?next=")


def test_work_that_was_asked_for_before_is_done_after(rename, visitor, mails, site):
    site("paris", role="resident", email="ines@example.org")
    visitor.post("/sign-in/link", data={"email": "ines@example.org"})
    rename(slug="lutece")
    (mail,) = mails()
    assert f"{NEW}/sign-in/" in mail["text"]
    assert OLD not in mail["text"]


def test_links_that_were_mailed_before_still_sign_in(rename, visitor, mails, site):
    site("paris", role="resident", email="ines@example.org")
    visitor.post("/sign-in/link", data={"email": "ines@example.org"})
    (mail,) = mails()
    link = next(word for word in mail["text"].split() if word.startswith(OLD))
    rename(slug="lutece")
    led = site("paris").get(link.removeprefix(OLD))
    assert led.location == link.replace(OLD, NEW)
    there = site("lutece")
    assert there.get(led.location.removeprefix(NEW)).status_code in (200, 302, 303)


def test_a_city_that_is_erased_gives_its_former_addresses_up_with_its_row(app, rename):
    rename(slug="lutece")
    with app.app_context():
        db.session.delete(db.session.get_one(CityRecord, "testparis"))
        end_transaction(keep=True)
        assert addresses.is_free("paris")


def test_finding_a_renamed_city_costs_one_question_in_each_process(rename, site, count_queries):
    rename(slug="lutece")
    visitor = site("paris")
    visitor.get("/contact")
    with count_queries() as asked:
        assert visitor.get("/contact").status_code == 301
    assert asked == []
