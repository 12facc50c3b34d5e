import pytest
from playwright.sync_api import Route, expect

from tests.e2e.steps import ask_for_a_city, get_ready, start_a_city

pytestmark = pytest.mark.browser

MOST_PRESSES = 4


@pytest.fixture
def mayor(person, scripts):
    """Somebody who starts a city; she has nothing but a browser."""
    return person(scripts=scripts)


def test_a_city_is_started_with_four_presses_and_shown_when_it_is_ready(mayor, person, scripts):
    name = "Riverside" if scripts else "Lakeside"
    slug = start_a_city(mayor, name, f"mayor@{name.lower()}.example")
    assert mayor.presses <= MOST_PRESSES
    assert (slug, mayor.path) == (name.lower(), "/admin/")
    visitor = person(scripts=scripts)
    assert visitor.open(slug) == 403
    visitor.sees(f"{name} is being prepared")
    visitor.finds_nothing_wrong()
    get_ready(mayor)
    assert visitor.open(slug) == 200
    visitor.sees("Your city, online")
    visitor.finds_nothing_wrong()


def test_an_address_is_suggested_and_known_to_be_free_while_one_types(person):
    mayor = person()
    mayor.open("", "/start")
    mayor.type("City name", "Szentendre")
    mayor.page.keyboard.press("Tab")
    mayor.reads("szentendre.parvis.localhost is free")
    expect(mayor.page.get_by_label("Web address")).to_have_value("szentendre")
    mayor.finds_nothing_wrong()


def test_a_suggestion_that_comes_late_leaves_what_was_typed_meanwhile(person):
    mayor = person()
    mayor.open("", "/start")
    waiting: list[Route] = []
    mayor.page.route("**/start/address?fill=1*", lambda route: waiting.append(route))  # noqa: PLW0108  wrapped for Playwright
    mayor.type("City name", "Szentendre")
    mayor.type("Web address", "old-town")
    mayor.type("Work e-mail", "mayor@szentendre.example")
    with mayor.page.expect_response("**/start/address?fill=1*"):
        waiting[0].continue_()
    mayor.press("Create my city's site")
    mayor.sees("Check your mail")
    mayor.reads("old-town.parvis.localhost")


def test_who_types_at_once_where_a_suggestion_appears_takes_its_place(person):
    mayor = person()
    mayor.open("", "/start")
    mayor.type("City name", "Szentendre")
    mayor.page.keyboard.press("Tab")
    address = mayor.page.get_by_label("Web address")
    expect(address).to_have_value("szentendre")
    mayor.page.keyboard.insert_text("old-town")
    expect(address).to_have_value("old-town")


def test_an_address_that_is_taken_leads_to_free_ones_and_never_into_the_other_city(mayor, new_city):
    taken = new_city("Brightwater")
    mayor.open("", "/start")
    ask_for_a_city(mayor, "Brightwater", "other@brightwater.example", slug=taken)
    mayor.sees("Start your city")
    mayor.reads(f"{taken}.parvis.localhost is already taken.")
    mayor.finds_nothing_wrong()
    free = mayor.page.get_by_role("group", name="These are free").get_by_role("radio")
    expect(free).to_have_count(3)
    expect(mayor.page.get_by_label("City name")).to_have_value("Brightwater")
    chosen = free.first.get_attribute("value")
    free.first.check()
    mayor.press("Create my city's site")
    mayor.sees("Check your mail")
    mayor.reads(f"{chosen}.parvis.localhost")
    assert mayor.host == "parvis.localhost"
