"""From nothing to a published result, through the pages alone."""

import pytest

from .clerk import Clerk
from .voter import Voter


@pytest.fixture
def clerk(site, frozen):
    frozen("2026-11-22T10:00")
    return Clerk(site)


def test_a_newcomer_gets_from_the_empty_list_to_a_published_result(clerk, site, frozen, run_tasks):
    assert "No edition yet" in clerk.words()
    clerk.create()
    assert "Residents do not see it yet." in clerk.words()
    assert "Missing in Français: the summary" in clerk.words()
    clerk.save("/texts", {"title-fr": "Budget 2026", "summary-fr": "Vous décidez."})
    clerk.add("Jardin", "600")
    assert "There is 1 project; a vote needs at least 2." in clerk.words()
    clerk.add("Place", "500")
    clerk.save("/dates", {"closes_day": "2026-12-10", "closes_time": "18:00"})
    clerk.take("open")

    assert "The vote closes on Thursday, December 10, 2026" in clerk.words()
    Voter(site).vote([1])
    Voter(site, "bela@paris.example").vote([1, 2])
    assert "2 people have voted" in clerk.words()

    frozen("2026-12-10T17:00:01")
    run_tasks()
    assert "The ballots are counted." in clerk.words()
    draft = clerk.words("/result")
    assert "Residents do not see this yet." in draft
    assert "Funded; €400 was left after it." in draft
    assert "Not funded: it costs €100 more than the €400 that was left when its turn came." in draft
    assert clerk.get("/certify").status_code in (302, 303), "the sign-in is weeks old"
    for email in ("first@paris.example", "second@paris.example"):
        assert clerk.post("/publish").status_code == 409
        signer = Clerk(site, email=email)
        signer.home = clerk.home
        assert signer.sign().status_code == 303
    clerk.take("publish")
    assert "The result was published on" in clerk.words()
    assert "Funded" in Voter(site, None).get("/results").text


def test_the_page_leads_to_the_first_thing_that_is_missing(clerk):
    clerk.create()
    assert "Next: Texts" in clerk.words()
    clerk.save("/texts", {"title-fr": "Budget 2026", "summary-fr": "Vous décidez."})
    assert "Next: Projects" in clerk.words()


def test_residents_see_nothing_before_they_are_shown_the_edition(clerk, visitor):
    clerk.create()
    page = "/participatory-budget/2026/"
    assert visitor.get(page).status_code == 404
    clerk.take("show")
    assert visitor.get(page).status_code == 200
    clerk.take("hide")
    assert visitor.get(page).status_code == 404


def test_a_fixed_ballot_waits_for_the_clock(clerk, site, frozen):
    clerk.prepare()
    clerk.save(
        "/dates",
        {
            "opens_day": "2026-12-01",
            "opens_time": "08:00",
            "closes_day": "2026-12-10",
            "closes_time": "18:00",
        },
    )
    clerk.take("fix")
    assert "The vote opens on Tuesday, December 1, 2026" in clerk.words()
    assert Voter(site).get("/vote").status_code in (302, 303, 409)
    frozen("2026-12-01T07:00")
    assert "The vote closes on Thursday, December 10, 2026" in clerk.words()
    Voter(site).vote([1])


def test_the_list_says_where_each_edition_stands(clerk, site):
    clerk.prepare()
    clerk.take("open")
    Voter(site).vote([2])
    clerk.home = "/admin/participatory-budget"
    listed = clerk.words()
    assert "Voting is open" in listed
    assert "Closes Thursday, December 10, 2026" in listed
    assert "Turnout" in listed
    assert "3 1" in listed


def test_the_address_is_suggested_and_may_be_left_empty(clerk):
    assert 'value="budget-2026"' in clerk.get("/new").text
    clerk.create(slug="")
    assert 'value="budget-2026-2"' in clerk.browser.get("/admin/participatory-budget/new").text
