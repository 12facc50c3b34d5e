"""Before a city is published, only the people who prepare it see it."""

import pytest

from tests.portal.conftest import EN


@pytest.fixture(autouse=True)
def paris_is_private(change_city):
    change_city("paris", published=False)


@pytest.mark.parametrize("path", ["/", "/news/", "/account", "/sign-up", "/nothing-here"])
def test_visitors_see_that_the_city_is_being_prepared(path, visitor):
    page = visitor.get(path, headers=EN)
    assert page.status_code == 403
    assert "Paris is being prepared" in page.text
    assert 'name="robots" content="noindex"' in page.text


def test_nobody_opens_an_account_yet(visitor, run_tasks):
    assert visitor.post("/sign-up", data={"name": "A", "email": "a@example.org"}).status_code == 403
    assert run_tasks() == []


def test_residents_do_not_see_it_either_and_can_sign_out(resident):
    page = resident.get("/")
    assert page.status_code == 403
    assert 'action="/sign-out"' in page.text
    assert resident.post("/sign-out").status_code == 303


@pytest.mark.parametrize("role", ["viewer", "editor", "administrator"])
def test_staff_see_it(role, site):
    page = site("paris", role=role).get("/", headers=EN)
    assert page.status_code == 200
    assert "Not public yet" in page.text


def test_staff_can_sign_in_by_password_and_by_mail(site, known, sign_in, link_in):
    known(role="editor")
    assert sign_in(site()).location == "/admin/"
    browser = site()
    assert browser.post("/sign-in/link", data={"email": "ines@example.org"}).status_code == 303
    assert browser.post(link_in()).location == "/admin/"
    assert browser.get("/").status_code == 200


def test_sign_in_does_not_offer_to_open_an_account(visitor):
    page = visitor.get("/sign-in").text
    assert 'name="password"' in page
    assert "/sign-up" not in page


@pytest.mark.parametrize("path", ["/privacy", "/accessibility", "/contact", "/theme.css", "/favicon.svg"])
def test_what_the_sign_in_page_needs_is_there(path, visitor):
    assert visitor.get(path).status_code == 200


def test_robots_are_kept_out(visitor):
    assert visitor.get("/robots.txt").text == "User-agent: *\nDisallow: /\n"


def test_the_other_city_stays_public(site):
    assert site("budapest").get("/").status_code == 200
