import pytest
from playwright.sync_api import expect

from modules.participatory_budget.tests import arranging
from tests.e2e import operating
from tests.e2e.steps import VOTING, add, add_button, added_button, in_menu

pytestmark = pytest.mark.browser

CLOSED = "The contract has ended. The town hall knows more."


def test_an_operator_comes_in_and_visits_a_city_that_hears_of_it(new_city, deployment, person, scripts):
    city, email = new_city("Alderbrook"), f"ada{scripts:d}@platform.example"
    ada = person(scripts=scripts)
    codes = operating.come_in(ada, deployment, email, "Ada Byron")
    assert len(codes) == 10
    ada.press("Sign out")
    operating.sign_in(ada, email, codes[0])
    operating.go_to(ada, city, "Alderbrook")
    operating.begin_a_visit(ada, "Alderbrook")
    in_menu(ada, "Settings")
    ada.type("Contact address", "hello@alderbrook.example")
    ada.press("Save settings")
    ada.reads("The settings are saved.")
    ada.finds_nothing_wrong()
    ada.press("Leave")
    ada.sees("The visit is over")
    ada.finds_nothing_wrong()
    ada.follow("Back to the operators' console")
    ada.sees("Cities")
    assert ada.open(city, "/admin/") == 200
    ada.sees("Sign in")

    mayor = person(scripts=scripts, city=city, role="administrator")
    mayor.open(city, "/admin/audit")
    for done in (
        "Began a visit as operator of the platform",
        "Changed the city's settings",
        "Ended the visit",
    ):
        row = mayor.page.get_by_role("row").filter(has_text=done)
        expect(row).to_contain_text("Ada Byron, operator of the platform")
    mayor.reads(f"Reason: {operating.REASON}")


def test_a_voter_reads_why_her_city_is_closed_and_goes_on_when_it_is_open_again(
    new_city, deployment, person, scripts
):
    city = new_city("Birchfield")
    with deployment.arrange(city):
        arranging.opened(arranging.knapsack())
    voter = person(scripts=scripts, city=city, role="resident")
    voter.open(city, f"{VOTING}/vote")
    add(voter, "Project 1")
    grace = person(closely=False)
    operating.come_in(grace, deployment, f"grace{scripts:d}@platform.example", "Grace Hopper")
    operating.go_to(grace, city, "Birchfield")
    grace.follow("Suspend")
    grace.type("What do residents read?", CLOSED)
    grace.press("Preview")
    grace.reads("Residents will read")
    grace.press("Suspend")
    grace.reads("Birchfield is suspended.")

    voter.expects.add(503)
    voter.activate(add_button(voter, "Project 3"))
    voter.sees("Birchfield is closed for now")
    voter.reads(CLOSED)
    voter.finds_nothing_wrong()
    assert voter.open(city, "/sign-in") == 503
    voter.expects.clear()

    grace.follow("Resume")
    grace.press("Resume")
    grace.reads("Birchfield is live again.")
    assert voter.open(city, f"{VOTING}/vote") == 200
    expect(added_button(voter, "Project 1")).to_be_visible()
    add(voter, "Project 3")
