"""Judging projects and putting them in order, with the keyboard alone and without scripts."""

import re

import pytest
from playwright.sync_api import expect

from modules.participatory_budget.tests import arranging
from modules.participatory_budget.tests.ballots import papers
from tests.e2e.inspection import HEIGHT, PHONE
from tests.e2e.steps import VOTING, code_of

pytestmark = pytest.mark.browser

PHONE_WINDOW = {"width": PHONE, "height": HEIGHT}


@pytest.fixture
def voter(deployment, new_city, person):
    """Sit somebody in front of an open vote."""

    def begin(name, edition, *, scripts=False, **how):
        city = new_city(name)
        with deployment.arrange(city):
            arranging.opened(edition(**how))
        found = person(scripts=scripts, city=city, role="resident", viewport=PHONE_WINDOW)
        found.open(city, f"{VOTING}/vote")
        return found

    return begin


def go_to(voter, target):
    for _stop in range(150):
        if target.evaluate("element => element === document.activeElement"):
            return
        voter.page.keyboard.press("Tab")
    pytest.fail(f"the tabulator does not lead to {target}")


def button_for(voter, label, title=""):
    """Return a button; one of many carries the title of its project out of sight."""
    return voter.page.get_by_role("button", name=re.compile(f"^{label}.*{title}$"))


def press(voter, label, title=""):
    button = button_for(voter, label, title)
    go_to(voter, button)
    voter.page.keyboard.press("Enter")


def judge(voter, project, steps):
    """Go to the grades of a project and choose one with the arrow keys."""
    grades = voter.page.get_by_role("group", name=f"Your judgement of {project}")
    go_to(voter, grades.get_by_role("radio").first)
    voter.page.keyboard.press("Space")
    for _step in range(steps):
        voter.page.keyboard.press("ArrowRight")


def test_projects_are_judged_with_the_keyboard_and_without_scripts(voter):
    anna = voter("Ashby", papers.judged)
    anna.sees("Say what you think of each project")
    anna.finds_nothing_wrong()
    judge(anna, "Project 1", 0)
    press(anna, "Save")
    expect(anna.page.get_by_role("status").filter(has_text="judged")).to_contain_text("1 of 5")
    judge(anna, "Project 4", 3)
    press(anna, "Review my vote")
    anna.sees("Check your vote")
    anna.reads("You have not judged 3 projects.")
    expect(anna.page.get_by_role("row", name="Project 1")).to_contain_text("I love it")
    expect(anna.page.get_by_role("row", name="Project 4")).to_contain_text("Not convinced")
    anna.finds_nothing_wrong()
    press(anna, "Confirm my vote")
    assert code_of(anna)
    anna.finds_nothing_wrong()


@pytest.mark.parametrize("scripts", [False, True])
def test_projects_are_put_in_order_with_the_keyboard(voter, scripts):
    anna = voter("Barwick" if scripts else "Calder", papers.ranked, scripts=scripts)
    anna.sees("Put projects in order")
    for name in ("Project 2", "Project 5", "Project 3"):
        press(anna, "Add to my order", name)
        expect(
            anna.page.get_by_role("listitem").get_by_role("link", name=name, exact=True).first
        ).to_be_visible()
    press(anna, "Up", "Project 3")
    order = anna.page.locator("#order-so-far li")
    expect(order).to_have_text(["Project 2", "Project 3", "Project 5"])
    anna.finds_nothing_wrong()
    press(anna, "Review my vote")
    anna.sees("Check your vote")
    press(anna, "Down", "Project 2")
    anna.sees("Check your vote")
    rows = anna.page.locator("tbody th")
    expect(rows).to_have_text(["Project 3", "Project 2", "Project 5"])
    press(anna, "Confirm my vote")
    assert code_of(anna)


def test_what_is_chosen_with_scripts_is_kept_at_once(voter):
    anna = voter("Dunmore", papers.judged, scripts=True)
    anna.page.get_by_role("group", name="Your judgement of Project 3").get_by_label("I like it").check()
    expect(anna.page.get_by_role("status").filter(has_text="judged")).to_contain_text("1 of 5")
    expect(button_for(anna, "Clear", "Project 3")).to_be_visible()
    anna.page.reload()
    group = anna.page.get_by_role("group", name="Your judgement of Project 3")
    expect(group.get_by_role("radio", name="I like it")).to_be_checked()
    button_for(anna, "Clear", "Project 3").click()
    expect(anna.page.get_by_role("status").filter(has_text="judged")).to_contain_text("0 of 5")
    expect(group.get_by_role("radio", name="I like it")).not_to_be_checked()
    anna.finds_nothing_wrong()


def test_points_are_given_by_pressing_and_by_typing(voter):
    anna = voter("Elmsett", papers.points, scripts=True)
    left = anna.page.get_by_role("status").filter(has_text="left")
    button_for(anna, "More", "Project 1").click()
    expect(left).to_contain_text("9 points left")
    field = anna.page.get_by_label("Points for Project 2")
    field.fill("4")
    field.press("Enter")
    expect(left).to_contain_text("5 points left")
    expect(field).to_be_focused()
    button_for(anna, "Less", "Project 1").click()
    expect(left).to_contain_text("6 points left")
    anna.finds_nothing_wrong()
