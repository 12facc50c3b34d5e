"""What people do on several pages, one press after the other."""

import re
from collections.abc import Mapping

from playwright.sync_api import Locator, expect

from tests.e2e.person import Person

HOME = "Your city's digital services, ready in minutes"
VOTING = "/participatory-budget/2026"


def ask_for_a_city(mayor: Person, name: str, email: str, slug: str = "") -> None:
    """Fill the four fields in and send them."""
    mayor.type("City name", name)
    if slug:
        mayor.type("Web address", slug)
    mayor.type("Work e-mail", email)
    mayor.press("Create my city's site")


def follow_the_mail(person: Person, email: str, link: str) -> None:
    """Open the newest mail to an address, as a mail program would, and press its link."""
    mail = person.page.get_by_role("listitem").filter(has_text=f"To {email}").first
    person.waits_for("", "/dev/mail", mail)
    mail.get_by_role("link").click()
    person.activate(person.page.locator(f"a[href*='{link}']").first)


def start_a_city(mayor: Person, name: str, email: str) -> str:
    """Go from the platform's home page to the back office of a city of one's own; returns its address."""
    mayor.open("")
    mayor.sees(HOME)
    mayor.finds_nothing_wrong()
    mayor.follow("Start your city", within=mayor.page.locator(".hero"))
    ask_for_a_city(mayor, name, email)
    mayor.sees("Check your mail")
    mayor.finds_nothing_wrong()
    follow_the_mail(mayor, email, "/start/link/")
    mayor.sees(f"Set up {name}")
    mayor.finds_nothing_wrong()
    mayor.press(f"Set up {name}")
    mayor.sees("Get your city ready")
    mayor.finds_nothing_wrong()
    return mayor.host.partition(".")[0]


def get_ready(mayor: Person) -> None:
    """Do what has to be done before a city can be published, and publish it."""
    tasks = mayor.page.get_by_role("main").get_by_role("list")
    expect(tasks.get_by_text("Cannot start yet")).to_be_visible()
    mayor.follow("Name and contact", within=tasks)
    mayor.sees("Settings")
    mayor.finds_nothing_wrong()
    mayor.type("Contact address", "hello@town.example")
    mayor.press("Save settings")
    mayor.reads("Saved")
    to_today(mayor)
    mayor.follow("Choose modules", within=tasks)
    mayor.sees("Choose modules")
    mayor.finds_nothing_wrong()
    mayor.choose(re.compile("Everything"))
    mayor.press("Turn on these modules")
    mayor.sees("Modules")
    mayor.reads(re.compile(r"are on\."))
    to_today(mayor)
    mayor.follow("Publish", within=tasks)
    mayor.sees(re.compile("^Publish "))
    mayor.finds_nothing_wrong()
    mayor.press("Publish")
    mayor.sees("Today")
    mayor.reads("Residents can see it now.")
    mayor.finds_nothing_wrong()


def to_today(staff: Person) -> None:
    """Go to the first page of the back office."""
    in_menu(staff, "Today")


def in_menu(staff: Person, name: str) -> None:
    """Follow a link of the back office's menu, which a telephone folds away."""
    menu = staff.page.get_by_role("navigation", name="Back office")
    if not menu.is_visible():
        staff.activate(staff.page.locator("summary").filter(has_text="Menu"))
    staff.follow(name, within=menu)


def prepare_a_vote(staff: Person, title: str, projects: Mapping[str, int], *, closes: str) -> None:
    """Make an edition whose voters choose three projects, as far as it takes to open it by hand."""
    staff.follow("New edition")
    staff.sees("New edition")
    staff.finds_nothing_wrong()
    in_english(staff, "Title").fill(title)
    staff.type("Address", "2026")
    staff.type("Money to hand out in all", "100000")
    staff.press("Make this edition")
    staff.sees(title)
    staff.finds_nothing_wrong()
    staff.follow("Next: Texts")
    staff.sees("Texts")
    in_english(staff, "Summary").fill("You decide what is built.")
    staff.press("Save the texts")
    staff.sees(title)
    staff.follow("Next: Projects")
    staff.follow(re.compile("^Add a project$"), within=staff.page.get_by_role("main").locator(".row").first)
    _add_projects(staff, projects)
    staff.follow(title)
    staff.follow("Next: Dates")
    staff.sees("Dates")
    staff.finds_nothing_wrong()
    staff.type("Day of the close", closes)
    staff.type("Time of the close", "18:00")
    staff.press("Save the dates")
    staff.sees(title)


def _add_projects(staff: Person, projects: Mapping[str, int]) -> None:
    *first, last = projects
    for name in first:
        _fill_project(staff, name, projects[name])
        staff.press("Save and add another")
        staff.reads(f"“{name}” is on the ballot.")
    staff.finds_nothing_wrong()
    _fill_project(staff, last, projects[last])
    staff.press("Save the project")
    staff.sees("Projects")
    staff.finds_nothing_wrong()


def _fill_project(staff: Person, name: str, cost: int) -> None:
    staff.sees("Add a project")
    in_english(staff, "Title").fill(name)
    staff.type("Cost", str(cost))


def in_english(staff: Person, name: str) -> Locator:
    """Return the English field of a text that can be written in several languages."""
    return staff.page.get_by_role("group", name=name, exact=True).get_by_role("textbox", name="English")


def take_step(staff: Person, step: str, *, done: str) -> None:
    """Move an edition on: its button, then the button of the page that asks."""
    staff.follow(step)
    expect(staff.page.get_by_role("button", name=step, exact=True)).to_be_visible()
    staff.finds_nothing_wrong()
    staff.press(step)
    staff.reads(done)


def add_button(voter: Person, project: str) -> Locator:
    """Return the button that puts a project on the ballot."""
    return voter.page.get_by_role("button", name=re.compile(f"^Add .*{project}$"))


def added_button(voter: Person, project: str) -> Locator:
    """Return the button that takes a project off the ballot."""
    return voter.page.get_by_role("button", name=re.compile(f"^Added.*Remove {project}$"))


def add(voter: Person, project: str) -> None:
    """Put a project on the ballot."""
    voter.activate(add_button(voter, project))
    expect(added_button(voter, project)).to_be_visible()


def remove(voter: Person, project: str) -> None:
    """Take a project off the ballot."""
    voter.activate(added_button(voter, project))
    expect(add_button(voter, project)).to_be_visible()


def confirm(voter: Person) -> str:
    """Check the vote, give it and return the code of the receipt."""
    voter.follow("Review my vote")
    voter.sees("Check your vote")
    voter.finds_nothing_wrong()
    voter.press("Confirm my vote")
    return code_of(voter)


def code_of(voter: Person) -> str:
    """Return the code on the receipt."""
    voter.sees("Your vote is counted")
    return voter.page.locator("#receipt-code").inner_text()
