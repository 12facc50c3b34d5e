import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.e2e.steps import VOTING, add, confirm, in_menu, prepare_a_vote, take_step

pytestmark = pytest.mark.browser

TITLE = "Participatory budget 2026"
PROJECTS = {"Trees in Mill Street": 60_000, "A bench by the river": 5_000, "A new playground": 70_000}
# From the open button to the published result.
MOST_PRESSES = 12


def test_staff_run_a_vote_from_a_blank_page_to_the_published_result(new_city, person, scripts):
    city = new_city("Harwick")
    staff = person(scripts=scripts, city=city, role="administrator")
    staff.open(city, "/admin/")
    in_menu(staff, "Participatory budget")
    staff.sees("Participatory budget")
    staff.finds_nothing_wrong()
    closes = datetime.now(UTC) + timedelta(days=10)
    prepare_a_vote(staff, TITLE, PROJECTS, closes=f"{closes:%Y-%m-%d}")
    before = staff.presses
    take_step(staff, "Open voting now", done="The vote is open.")
    staff.finds_nothing_wrong()
    a_resident_votes(person(scripts=scripts, city=city, role="resident"), city)

    take_step(staff, "Close now", done="The vote is closed.")
    expect(staff.page.get_by_text("The ballots are counted.")).to_be_visible(timeout=30_000)
    staff.finds_nothing_wrong()
    edition = staff.path
    staff.follow("See the result")
    staff.sees("Draft of the result")
    staff.finds_nothing_wrong()
    sign(staff, done="Now a second person has to sign it.")
    colleague = person(scripts=scripts, city=city, role="administrator", called="colleague")
    colleague.open(city, edition)
    sign(colleague, done="It can be published.")
    staff.open(city, edition)
    take_step(staff, "Publish results", done="The result is published.")
    assert staff.presses - before <= MOST_PRESSES
    everybody_reads_the_result(person(scripts=scripts), city)


def sign(staff, *, done):
    """Look at what is signed, and sign it."""
    staff.follow("Sign the result")
    staff.sees("Sign the result")
    staff.finds_nothing_wrong()
    staff.press("I have checked the result and sign it")
    staff.reads(done)


def a_resident_votes(resident, city):
    resident.open(city)
    resident.follow("Vote now")
    add(resident, "Trees in Mill Street")
    add(resident, "A bench by the river")
    confirm(resident)


def everybody_reads_the_result(visitor, city):
    visitor.open(city)
    visitor.follow("See the results")
    visitor.sees(re.compile(TITLE))
    assert visitor.path == f"{VOTING}/results"
    row = visitor.page.get_by_role("row").filter(has_text="Trees in Mill Street")
    expect(row).to_contain_text("Funded")
    visitor.finds_nothing_wrong()
