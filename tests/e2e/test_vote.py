import re

import pytest
from playwright.sync_api import expect

from modules.participatory_budget.tests import arranging
from tests.e2e.inspection import HEIGHT, PHONE
from tests.e2e.steps import VOTING, add, add_button, added_button, code_of, confirm, remove

pytestmark = pytest.mark.browser

PHONE_WINDOW = {"width": PHONE, "height": HEIGHT}
# Vote now, review, confirm; each project is one more.
PRESSES = 3
UNCOVERED = """
element => {
  const box = element.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return box.height > 0 && top !== null && (element.contains(top) || top.contains(element));
}
"""


@pytest.fixture
def open_vote(deployment, new_city):
    """Make a city with a vote that is open."""

    def make(name, edition, **how):
        slug = new_city(name)
        with deployment.arrange(slug):
            arranging.opened(edition(**how))
        return slug

    return make


def ask_about(visitor, city, code):
    visitor.open(city, f"{VOTING}/receipt")
    visitor.type("Receipt code", code)
    visitor.press("Check this code")


def test_a_resident_spends_the_money_once_and_changes_her_mind(open_vote, person, scripts):
    city = open_vote("Larkhill", arranging.knapsack)
    voter, visitor = person(scripts=scripts, city=city, role="resident"), person(scripts=scripts)
    voter.open(city)
    voter.finds_nothing_wrong()
    voter.follow("Vote now")
    voter.sees("Choose your projects")
    add(voter, "Project 1")
    bar = voter.page.get_by_role("status").filter(has_text="left")
    expect(bar).to_contain_text("€40")
    expect(add_button(voter, "Project 2")).to_have_attribute("aria-disabled", "true")
    voter.reads("Costs €10 more than you have left. Remove a project first.")
    voter.finds_nothing_wrong()
    add(voter, "Project 3")
    expect(bar).to_contain_text("€0")
    first = confirm(voter)
    assert voter.presses == PRESSES + 2
    voter.finds_nothing_wrong()
    ask_about(visitor, city, first)
    visitor.reads("The ballot with this code is in the ballot box.")
    visitor.finds_nothing_wrong()

    voter.press("Change my vote")
    voter.sees("Choose your projects")
    remove(voter, "Project 3")
    add(voter, "Project 4")
    second = confirm(voter)
    assert second != first
    voter.reads("the earlier code is no longer valid")
    ask_about(visitor, city, first)
    visitor.reads("The ballot with this code was changed or withdrawn by its voter")
    ask_about(visitor, city, second)
    visitor.reads("The ballot with this code is in the ballot box.")
    visitor.waits_for("", "/dev/mail", visitor.page.get_by_text(f"To resident@{city}.example").nth(1))


def test_a_resident_has_some_votes_in_each_category(open_vote, person, scripts):
    city = open_vote("Foxton", arranging.approval, each=2, per_category=3)
    voter = person(scripts=scripts, city=city, role="resident")
    voter.open(city, f"{VOTING}/")
    voter.finds_nothing_wrong()
    voter.follow("Vote now")
    voter.sees("Choose your projects")
    tabs = voter.page.get_by_role("navigation", name="Categories")
    add(voter, "Green city 1")
    add(voter, "Green city 2")
    expect(add_button(voter, "Green city 3")).to_have_attribute("aria-disabled", "true")
    voter.reads("You have used your 2 votes in this category. Remove a project first.")
    voter.finds_nothing_wrong()
    voter.follow(re.compile("^Streets"), within=tabs)
    add(voter, "Streets 3")
    expect(tabs.get_by_role("link", name=re.compile("^Streets"))).to_contain_text("1 of 2 votes used")
    voter.follow("Review my vote")
    voter.sees("Check your vote")
    voter.reads("Streets: you can still choose 1 project.")
    voter.press(re.compile("^Remove.*Green city 1$"))
    voter.sees("Check your vote")
    expect(voter.page.get_by_role("link", name="Green city 1", exact=True)).to_have_count(0)
    voter.press("Confirm my vote")
    assert code_of(voter)
    voter.follow("Back to the participatory budget")
    voter.reads("You have voted.")
    voter.finds_nothing_wrong()


def test_a_vote_can_be_given_with_the_keyboard_alone(open_vote, person):
    city = open_vote("Wexley", arranging.knapsack)
    voter = person(city=city, role="resident", viewport=PHONE_WINDOW)
    voter.open(city)
    press_key(voter, voter.page.get_by_role("link", name="Vote now"), "Enter")
    voter.sees("Choose your projects")
    press_key(voter, add_button(voter, "Project 3"), "Space")
    expect(added_button(voter, "Project 3")).to_be_focused()
    press_key(voter, added_button(voter, "Project 3"), "Enter")
    expect(add_button(voter, "Project 3")).to_be_focused()
    press_key(voter, add_button(voter, "Project 3"), "Enter")
    expect(added_button(voter, "Project 3")).to_be_focused()
    press_key(voter, voter.page.get_by_role("link", name="Review my vote"), "Enter")
    voter.sees("Check your vote")
    press_key(voter, voter.page.get_by_role("button", name="Confirm my vote"), "Space")
    assert code_of(voter)


def press_key(voter, target, key):
    """Go to something with the tabulator and press a key; whatever has the focus on the way can be seen."""
    for _stop in range(120):
        if target.evaluate("element => element === document.activeElement"):
            break
        voter.page.keyboard.press("Tab")
        focused = voter.page.locator(":focus")
        if focused.count():
            assert focused.evaluate(UNCOVERED), focused.evaluate("element => element.outerHTML.slice(0, 200)")
    else:
        pytest.fail(f"the tabulator does not lead to {target}")
    voter.page.keyboard.press(key)


def test_two_windows_are_two_votes_of_which_she_keeps_one(open_vote, person, scripts):
    city = open_vote("Thornbury", arranging.knapsack)
    here, there = (person(scripts=scripts, city=city, role="resident") for _ in range(2))
    here.open(city, f"{VOTING}/vote")
    add(here, "Project 3")
    there.open(city, f"{VOTING}/vote/check")
    here.open(city, f"{VOTING}/vote")
    add(here, "Project 4")
    confirm(here)
    there.press("Confirm my vote")
    there.sees("There are two votes of yours")
    there.finds_nothing_wrong()
    there.press("Replace it with this one")
    assert code_of(there)
    there.press("Change my vote")
    expect(added_button(there, "Project 3")).to_be_visible()
    expect(add_button(there, "Project 4")).to_be_visible()


def test_a_vote_that_closes_before_it_is_confirmed_says_so(open_vote, deployment, person, scripts):
    city = open_vote("Kingsmead", arranging.knapsack)
    voter = person(scripts=scripts, city=city, role="resident")
    voter.open(city, f"{VOTING}/vote")
    add(voter, "Project 3")
    voter.follow("Review my vote")
    voter.sees("Check your vote")
    with deployment.arrange(city):
        arranging.closed(arranging.edition_of())
    voter.press("Confirm my vote")
    voter.sees("The vote has closed")
    voter.reads("What was chosen and not confirmed by then is not counted.")
    voter.finds_nothing_wrong()
