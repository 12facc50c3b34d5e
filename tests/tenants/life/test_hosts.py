from dataclasses import replace
from functools import partial

import pytest
from flask.testing import FlaskClient

from app.core.db import db, end_transaction
from app.core.errors import NotFound
from app.factory import create_app
from app.web.hosts import SITE
from tenants import domains, lifecycle, resolve
from tenants.models import CityRecord
from tests.tenants.life.acts import operating

HOST = "services.ville.fr"
MAIN = f"http://{HOST}:8000"


@pytest.fixture
def at(site):
    """Open a browser on any host: `at("services.ville.fr", "paris", role="resident")`."""

    def make(host, slug="paris", **who):
        browser = site(slug, **who)
        browser.host = host
        return browser

    return make


@pytest.mark.parametrize("former", ["paris.parvis.localhost", "www.ville.fr", "lutece.parvis.localhost"])
def test_every_other_host_of_a_city_leads_readers_to_the_main_one(prove, rename, at, former):
    rename(slug="lutece")
    prove("www.ville.fr", "lutece")
    prove(HOST, "lutece", main=True)
    answer = at(former, "lutece").get("/contact?x=1")
    assert (answer.status_code, answer.location) == (301, f"{MAIN}/contact?x=1")
    assert answer.headers["Cache-Control"] == "no-store"
    assert at(HOST, "lutece").get("/contact").status_code == 200


def test_a_form_that_was_open_on_another_host_of_the_city_still_comes_in(prove, site):
    resident = site("paris", role="resident")
    prove(HOST, main=True)
    answer = resident.post("/account", data={"name": "Inès", "language": "fr"})
    assert answer.status_code == 303
    assert "Inès" not in answer.location


@pytest.mark.parametrize("former", ["paris.parvis.localhost", "www.ville.fr"])
def test_after_such_a_form_a_page_leads_on_because_no_redirect_may(prove, rename, at, former):
    rename(slug="lutece")
    prove("www.ville.fr", "lutece")
    prove(HOST, "lutece", main=True)
    browser = at(former, "lutece")
    for headers in ({"Referer": f"http://{former}:8000/sign-in"}, {"Origin": f"http://{former}:8000"}):
        answer = browser.get("/contact?x=1", headers=headers)
        assert (answer.status_code, answer.headers["Refresh"]) == (200, f"0; url={MAIN}/contact?x=1")
        assert f'href="{MAIN}/contact?x=1"' in answer.text
    elsewhere = browser.get("/contact", headers={"Referer": "https://search.example/?q=paris"})
    assert elsewhere.status_code == 301


def test_a_form_from_a_former_address_comes_in_and_a_program_is_led_on(rename, site):
    resident = site("paris", role="resident")
    rename(slug="lutece")
    data = {"name": "Inès", "language": "fr"}
    sent = resident.post("/account", data=data, headers={"Origin": "http://paris.parvis.localhost:8000"})
    assert sent.status_code == 303
    assert resident.post("/account", data=data).status_code == 308


def test_pictures_and_colours_of_such_a_page_come_from_its_own_host(prove, visitor):
    prove(HOST, main=True)
    for path in ("/theme.css", "/favicon.svg", "/static/parvis.css"):
        assert visitor.get(path).status_code == 200


def test_mails_name_the_main_domain_whichever_host_was_used(prove, site, visitor, mails):
    site("paris", role="resident", email="ines@example.org")
    prove(HOST, main=True)
    visitor.post("/sign-in/link", data={"email": "ines@example.org"})
    text = mails()[-1]["text"]
    assert f"{MAIN}/sign-in/" in text
    assert "paris.parvis.localhost" not in text


@pytest.mark.parametrize(
    "host", ["paris.parvis.localhost:1", "PARIS.parvis.localhost:8000", "paris.parvis.localhost.:99"]
)
def test_what_a_request_calls_its_host_gets_into_no_address(visitor, site, host):
    page = visitor.get("/news/feed.atom", headers={"Host": host})
    assert page.status_code == 200
    assert "http://paris.parvis.localhost:8000/news/" in page.text
    assert host not in page.text


def test_a_mail_from_the_platform_takes_its_port_from_the_settings(site, mails):
    data = {"city_name": "Szentendre", "slug": "szentendre", "email": "a@b.example", "language": "en"}
    answer = site("").post("/start", data=data, headers={"Host": "parvis.localhost:6666"})
    assert answer.status_code == 303
    text = mails()[-1]["text"]
    assert "http://parvis.localhost:8000/start/" in text
    assert "6666" not in text


def test_without_its_main_domain_a_city_is_found_below_the_platform_again(prove, in_town, at, visitor):
    prove(HOST, main=True)
    assert visitor.get("/").location == f"{MAIN}/"
    with in_town("paris") as city:
        domains.remove(city, HOST)
    assert visitor.get("/").status_code == 200
    assert at(HOST).get("/").status_code == 404


def test_certificates_are_fetched_for_proven_domains_and_former_addresses_alone(app, prove, rename, in_town):
    rename(slug="lutece")
    prove(HOST, "lutece")
    with in_town("lutece") as city:
        domains.add(city, "claimed.ville.fr")

    def ask(domain):
        path = f"/internal/tls-ask?domain={domain}"
        return app.test_client().get(path, base_url="http://web:8000").status_code

    assert [ask(host) for host in (HOST, "paris.parvis.localhost", "lutece.parvis.localhost")] == [200] * 3
    assert [ask(host) for host in ("claimed.ville.fr", "www.ville.fr", "nobody.parvis.localhost")] == [
        404
    ] * 3


def test_a_host_that_passes_to_another_city_takes_nobody_along(prove, in_town, site):
    prove(HOST, "paris", main=True)
    resident = site("paris", role="resident")
    with resident.session_transaction() as cookie:
        held = dict(cookie)
    resident.host = HOST
    with resident.session_transaction() as cookie:
        cookie.update(held, wish="what only paris may know")
    assert resident.get("/account").status_code == 200
    with in_town("paris") as city:
        domains.remove(city, HOST)
    prove(HOST, "budapest", main=True)
    answer = resident.get("/account")
    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in")
    with resident.session_transaction() as cookie:
        assert "wish" not in cookie
        assert "_user_id" not in cookie


def test_what_one_city_signed_is_nothing_in_another_even_when_the_key_is_the_same(app, site):
    here, there = site("paris"), site("budapest")
    app.config["WTF_CSRF_ENABLED"] = True
    here.get("/sign-in")
    cookie = here.get_cookie("__Host-parvis", domain=here.host).value
    there.set_cookie("__Host-parvis", cookie, domain=there.host)
    with there.session_transaction() as held:
        assert held[SITE] == "testparis"
    there.get("/sign-in")
    with there.session_transaction() as held:
        assert held.get(SITE) == "testbudapest"


def test_whoever_signed_in_with_the_version_before_stays_signed_in(site):
    resident = site("paris", role="resident")
    unmarked = partial(
        FlaskClient.session_transaction, resident, base_url="http://paris.parvis.localhost:8000"
    )
    with unmarked() as held:
        del held[SITE]
    assert resident.get("/account").status_code == 200
    with unmarked() as held:
        assert held[SITE] == "testparis"


def test_other_names_of_the_citys_own_domain_are_not_forced_to_https(prove, services):
    prove(HOST, main=True)
    secure = create_app(replace(services, scheme="https"))
    secure.config.update(TESTING=True)

    def told(host):
        page = secure.test_client().get("/contact", base_url=f"https://{host}")
        return page.headers["Strict-Transport-Security"]

    assert told(HOST) == "max-age=31536000"
    assert told("budapest.parvis.localhost") == "max-age=31536000; includeSubDomains"


def test_the_platforms_own_mails_about_a_city_name_its_main_domain(app, prove):
    prove(HOST, main=True)
    with operating(app) as record:
        assert lifecycle.as_city(record).host == HOST
        assert resolve.city_by_id(record.id).host == HOST


def test_a_new_domain_is_seen_by_every_process_with_the_next_request(prove, at, in_town):
    browser = at(HOST)
    assert browser.get("/").status_code == 404
    prove(HOST, main=True)
    assert browser.get("/").status_code == 200


def test_a_city_that_is_being_made_has_no_address_yet(app, prove, at):
    prove(HOST, main=True)
    with app.app_context():
        db.session.get_one(CityRecord, "testparis").state = "provisioning"
        resolve.change()
        end_transaction(keep=True)
    assert at(HOST).get("/").status_code == 404


def test_finding_a_city_by_its_domain_asks_the_database_nothing_the_second_time(prove, at, count_queries):
    prove(HOST, main=True)
    browser = at(HOST)
    browser.get("/static/parvis.css")
    with count_queries() as asked:
        assert browser.get("/theme.css").status_code == 200
    assert asked == []


def test_a_domain_of_another_city_is_nobodys_business(in_town, prove):
    prove(HOST, "budapest")
    with pytest.raises(NotFound), in_town("paris") as city:
        domains.remove(city, HOST)
