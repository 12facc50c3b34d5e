import re

import pytest

from tests.portal.conftest import EN


def test_the_home_page_names_the_city_and_leads_to_what_is_on(visitor):
    page = visitor.get("/", headers=EN).text
    assert "Welcome to Paris" in page
    links = re.findall(r'class="card__link" href="([^"]+)"', page)
    assert links
    for link in links:
        assert visitor.get(link).status_code == 200, link


def test_no_link_of_the_home_page_is_dead(site, resident):
    for browser in (site(), resident):
        links = set(re.findall(r'href="(/[^"]*)"', browser.get("/", headers=EN).text))
        assert {"/accessibility", "/privacy", "/contact"} <= links
        for link in links:
            assert browser.get(link, follow_redirects=True).status_code == 200, link


def test_a_city_with_nothing_switched_on_says_so_kindly(visitor, switch_off):
    switch_off("paris")
    page = visitor.get("/", headers=EN)
    assert page.status_code == 200
    assert "The services of Paris will appear here" in page.text
    assert "card__link" not in page.text


def test_a_module_that_is_off_is_not_on_the_home_page_of_that_city_only(site, switch_off):
    switch_off("paris")
    assert "card__link" in site("budapest").get("/").text


def test_the_tagline_is_the_heading_in_the_readers_language(visitor, change_city):
    change_city("paris", tagline={"fr": "Vos démarches", "en": "Your errands"})
    assert '<h1 id="welcome">Your errands</h1>' in visitor.get("/", headers=EN).text
    assert '<h1 id="welcome">Vos démarches</h1>' in visitor.get("/").text
    change_city("paris", tagline={"fr": "Vos démarches"})
    assert '<span lang="fr">Vos démarches</span>' in visitor.get("/", headers=EN).text


def test_the_picture_changes_its_address_with_the_colour(visitor, change_city):
    def address():
        return re.findall(r'class="hero__img" src="([^"]+)"', visitor.get("/").text)[0]

    before = address()
    assert visitor.get(before).mimetype == "image/svg+xml"
    change_city("paris", brand="#a01020")
    assert address() != before


def test_a_city_may_do_without_the_picture(visitor, change_city):
    change_city("paris", hero="none")
    assert "hero__img" not in visitor.get("/").text


def test_who_is_signed_in_finds_her_account(resident):
    page = resident.get("/", headers=EN).text
    assert "Your account" in page
    assert "resident@paris.example" in page
    assert 'action="/sign-out"' in page
    assert "/admin/" not in page


def test_staff_find_the_way_to_the_back_office(site):
    assert 'href="/admin/"' in site("paris", role="editor").get("/").text


def test_the_front_page_has_one_address(visitor):
    answer = visitor.get("/home")
    assert (answer.status_code, answer.location) == (301, "/")


def test_the_home_page_itself_asks_the_database_nothing(visitor, switch_off, count_queries):
    switch_off("paris")
    visitor.get("/")
    with count_queries() as asked:
        visitor.get("/")
    assert asked == []


def test_knowing_who_is_signed_in_and_what_is_new_for_her_costs_two_questions(
    resident, switch_off, count_queries
):
    switch_off("paris")
    resident.get("/")
    with count_queries() as asked:
        resident.get("/")
    assert len(asked) == 2


def test_the_home_page_with_every_module_asks_a_bounded_number_of_questions(visitor, count_queries):
    visitor.get("/")
    with count_queries() as asked:
        visitor.get("/")
    assert len(asked) <= 15


@pytest.mark.parametrize("path", ["/accessibility", "/privacy", "/contact"])
def test_the_pages_every_site_owes_its_readers_name_the_city_and_its_address(path, site):
    for slug, name in (("paris", "Paris"), ("budapest", "Budapest")):
        page = site(slug).get(path, headers=EN).text
        assert name in page
        assert f"mailto:hello@{slug}.example" in page


@pytest.mark.parametrize("path", ["/accessibility", "/privacy", "/contact"])
def test_they_do_without_an_address(path, visitor, change_city):
    change_city("paris", contact_email="")
    page = visitor.get(path, headers=EN)
    assert page.status_code == 200
    assert "mailto:" not in page.text


def test_every_cookie_that_is_set_is_named_on_the_privacy_page(visitor, known, sign_in):
    known()
    names = set()
    for answer in (
        sign_in(visitor),
        visitor.get("/?lang=hu"),
        visitor.post("/prefs", data={"theme": "dark"}),
    ):
        names |= {c.partition("=")[0] for c in answer.headers.getlist("Set-Cookie")}
    known_ones = {"__Host-parvis", "__Host-parvis-known", "__Host-parvis-language", "__Host-parvis-theme"}
    assert names == known_ones
    page = visitor.get("/privacy").text
    assert all(f"<code>{name}</code>" in page for name in names)
