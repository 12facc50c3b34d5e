import re

import pytest
from playwright.sync_api import expect

from tests.e2e.steps import follow_the_mail, in_menu

pytestmark = pytest.mark.browser

MOST_KEYS = 80


def test_staff_change_the_look_and_the_texts_of_their_city(new_city, person, scripts):
    city = new_city("Lookdale", modules=["news"])
    staff = person(scripts=scripts, city=city, role="administrator")
    staff.open(city, "/admin/")
    in_menu(staff, "Branding")
    staff.sees("Branding")
    staff.page.locator("#brand").fill("#0b6e4f")
    staff.choose("Bookish, with serifs")
    staff.press("Save the new look")
    staff.reads("The new look is saved.")
    staff.finds_nothing_wrong()
    staff.open(city, "/admin/settings")
    staff.finds_nothing_wrong()
    staff.follow("Languages and texts")
    staff.sees("Languages and texts")
    staff.finds_nothing_wrong()
    staff.follow("Contact page")
    staff.page.locator("textarea").first.fill("Open from **nine** to five.")
    staff.press("Save the text")
    staff.reads("The text is saved.")
    visitor = person(scripts=scripts)
    visitor.open(city, "/contact")
    visitor.reads("nine")
    visitor.finds_nothing_wrong()


def test_somebody_searches_for_what_the_city_has_and_follows_what_she_asked(new_city, person, scripts):
    city = new_city("Findham", modules=["news", "participatory_budget"])
    editor = person(scripts=scripts, city=city, role="editor")
    editor.open(city, "/admin/news/new")
    editor.page.locator("#title").fill("The swimming pool opens")
    editor.press(re.compile("Save"))
    editor.press(re.compile("^Publish"))
    resident = person(scripts=scripts, city=city, role="resident")
    resident.open(city)
    resident.finds_nothing_wrong()
    resident.page.get_by_role("searchbox").first.fill("swiming pol")
    resident.press("Search")
    resident.sees("Search")
    resident.reads(["The", "swimming", "pool", "opens"][1])
    resident.finds_nothing_wrong()
    resident.open(city)
    resident.follow("My requests")
    resident.reads("You have not asked for anything yet")
    resident.finds_nothing_wrong()
    resident.open(city, "/r")
    resident.type("Reference", "XX1234")
    resident.type("E-mail address", "nobody@nowhere.example")
    resident.press("Show the request")
    resident.reads("No request goes with this reference")
    resident.finds_nothing_wrong()


def test_staff_read_statistics_and_what_waits_for_them(new_city, person, scripts):
    city = new_city("Countbury", modules=["participatory_budget"])
    staff = person(scripts=scripts, city=city, role="administrator")
    staff.open(city, "/admin/")
    staff.finds_nothing_wrong()
    in_menu(staff, "Statistics")
    staff.sees("Statistics")
    expect(staff.page.locator("svg.chart").first).to_be_visible()
    staff.finds_nothing_wrong()
    staff.press("Publish as open data")
    staff.reads("The figures are open data now.")
    visitor = person(scripts=scripts)
    visitor.open(city, "/open")
    visitor.sees("Open data")
    visitor.finds_nothing_wrong()


def test_an_administrator_sets_the_look_and_invites_an_editor_with_the_keyboard_alone(
    new_city, person, scripts
):
    city = new_city("Keyford", modules=["news"])
    admin = person(scripts=scripts, city=city, role="administrator", closely=False)
    admin.open(city, "/admin/branding")
    reach(admin, admin.page.locator("#brand"))
    admin.page.keyboard.press("Control+a")
    admin.page.keyboard.type("#0b6e4f")
    reach(admin, admin.page.get_by_role("button", name="Save the new look"))
    admin.page.keyboard.press("Enter")
    admin.reads("The new look is saved.")
    admin.open(city, "/admin/staff/invite")
    reach(admin, admin.page.locator("textarea, input[name=emails]").first)
    email = f"newcomer@{city}.example"
    admin.page.keyboard.type(email)
    editor_role = admin.page.get_by_role("radio", name=re.compile("Editor")).first
    reach(admin, admin.page.get_by_role("radio").first, near=editor_role)
    for _ in range(5):
        if editor_role.is_checked():
            break
        admin.page.keyboard.press("ArrowDown")
    assert editor_role.is_checked()
    submit(admin)
    submit(admin)
    admin.reads(re.compile("invitation is sent"))
    newcomer = person(scripts=scripts, closely=False)
    follow_the_mail(newcomer, email, "/link/")
    for name, typed in (("name", "Ana Clerk"), ("password", "Brouette-17-mauve-lanterne")):
        field = newcomer.page.locator(f"main input[name={name}]")
        if field.count():
            reach(newcomer, field)
            newcomer.page.keyboard.type(typed)
    submit(newcomer)
    newcomer.open(city, "/admin/")
    newcomer.sees("Today")


def reach(person, wanted, near=None):
    """Press Tab until something has the focus."""
    person.page.keyboard.press("Home")
    targets = [one.element_handle() for one in (wanted, near) if one is not None]
    for _ in range(MOST_KEYS):
        if any(person.page.evaluate("e => e === document.activeElement", one) for one in targets):
            return
        person.page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {wanted}")


def submit(person):
    """Press the first button of the page's own form with the keyboard."""
    button = person.page.locator("main form button.btn").first
    reach(person, button)
    with person.page.expect_navigation():
        person.page.keyboard.press("Enter")
