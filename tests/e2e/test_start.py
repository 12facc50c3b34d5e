import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

HOME = "Your city's digital services, ready in minutes"
MOST_PRESSES = 4


@pytest.fixture
def mayor(person, scripts):
    """Somebody who starts a city; she has nothing but a browser."""
    return person(scripts=scripts)


def fill_in(mayor, name, email, slug=""):
    mayor.type("City name", name)
    if slug:
        mayor.type("Web address", slug)
    mayor.type("Work e-mail", email)


def follow_the_mailed_link(mayor, email):
    """Open the mail, as a mail program would, and press its link."""
    mail = mayor.page.get_by_role("listitem").filter(has_text=f"To {email}")
    mayor.waits_for("", "/dev/mail", mail)
    mail.get_by_role("link").click()
    mayor.activate(mayor.page.locator("a[href*='/start/link/']"))


def test_a_city_is_started_with_four_presses(mayor, person, scripts):
    name, email = (
        ("Riverside", "mayor@riverside.example") if scripts else ("Lakeside", "mayor@lakeside.example")
    )
    mayor.open("")
    mayor.sees(HOME)
    mayor.finds_nothing_wrong()
    mayor.follow("Start your city", within=mayor.page.locator(".hero"))
    fill_in(mayor, name, email)
    mayor.press("Create my city's site")
    mayor.sees("Check your mail")
    mayor.finds_nothing_wrong()
    follow_the_mailed_link(mayor, email)
    mayor.sees(f"Set up {name}")
    mayor.finds_nothing_wrong()
    mayor.press(f"Set up {name}")

    mayor.sees("Get your city ready")
    assert mayor.presses <= MOST_PRESSES
    assert (mayor.host, mayor.path) == (f"{name.lower()}.parvis.localhost", "/admin/")
    mayor.finds_nothing_wrong()
    visitor = person(scripts=scripts)
    assert visitor.open(name.lower()) == 403
    visitor.sees(f"{name} is being prepared")
    visitor.finds_nothing_wrong()
    get_ready(mayor)
    assert visitor.open(name.lower()) == 200
    visitor.sees("Your city, online")
    visitor.finds_nothing_wrong()


def get_ready(mayor):
    """Do what has to be done before a city can be published, and publish it."""
    tasks = mayor.page.get_by_role("main").get_by_role("list")
    expect(tasks.get_by_text("Cannot start yet")).to_be_visible()
    mayor.follow("Name and contact", within=tasks)
    mayor.sees("Settings")
    mayor.finds_nothing_wrong()
    mayor.type("Contact address", "hello@riverside.example")
    mayor.press("Save settings")
    mayor.reads("Saved")
    mayor.open(mayor.host.partition(".")[0], "/admin/")
    mayor.follow("Choose modules", within=tasks)
    mayor.sees("Choose modules")
    mayor.finds_nothing_wrong()
    mayor.choose(re.compile("Everything"))
    mayor.press("Turn on these modules")
    mayor.sees("Modules")
    mayor.reads(re.compile(r"are on\."))
    mayor.open(mayor.host.partition(".")[0], "/admin/")
    mayor.follow("Publish", within=tasks)
    mayor.sees(re.compile("^Publish "))
    mayor.finds_nothing_wrong()
    mayor.press("Publish")
    mayor.sees("Today")
    mayor.reads("Residents can see it now.")
    mayor.finds_nothing_wrong()


def test_an_address_that_is_taken_leads_to_three_free_ones_and_never_into_the_other_city(
    mayor, new_city, person
):
    taken = new_city("Brightwater")
    mayor.open("", "/start")
    fill_in(mayor, "Brightwater", "other@brightwater.example", slug=taken)
    mayor.press("Create my city's site")
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
