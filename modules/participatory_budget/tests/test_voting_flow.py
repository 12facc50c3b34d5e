from datetime import UTC, datetime, timedelta

import pytest

from modules.participatory_budget.services import casting, drafts

from . import arranging
from .voter import Voter, fields


def test_from_the_home_page_to_the_receipt_it_takes_three_clicks_and_one_for_each_project(
    knapsack, site, in_box
):
    anna = Voter(site)
    home = anna.browser.get("/")
    assert 'href="/participatory-budget/2026/vote"' in home.text

    page = anna.get("/vote")
    assert "Step 1 of 3" in page.text
    assert "€100" in page.text
    assert anna.press(1).headers["Location"].endswith("/2026/vote#project-1")
    assert anna.press(3).status_code == 303
    check = anna.get("/vote/check")
    assert "Step 2 of 3" in check.text
    assert "Your vote is secret" in check.text
    confirmed = anna.post("/vote/check", {**anna.paper()})
    assert confirmed.headers["Location"].endswith("/2026/vote/receipt")
    receipt = anna.get("/vote/receipt")
    assert "Your vote is counted" in receipt.text
    assert "What happens next" in receipt.text
    assert in_box() == (1, 3)


def test_a_vote_by_category_goes_through_the_same_pages(approval, site, in_box):
    anna = Voter(site)
    page = anna.get("/vote").text
    assert "0 of 3 votes used" in page
    assert "Green city 1" in page
    assert "Streets 1" not in page
    assert "Streets 1" in anna.get("/vote?category=streets").text

    anna.vote([1, 2, 3, 6])
    assert in_box() == (1, 2, 3, 6)


def test_votes_that_are_left_are_pointed_out_before_confirming(approval, site):
    anna = Voter(site)
    anna.choose([1])
    page = anna.get("/vote/check").text
    assert "Green city: you can still choose 2 projects." in page
    assert "Streets: you can still choose 3 projects." in page


def test_money_that_is_left_is_pointed_out_before_confirming(knapsack, site):
    anna = Voter(site)
    anna.choose([1])
    assert "€40 is left; 2 more projects fit." in anna.get("/vote/check").text


def test_removing_on_the_check_page_leads_back_to_it(knapsack, site):
    anna = Voter(site)
    anna.choose([1, 3])
    answer = anna.press(3, add=False, query="?back=check")
    assert answer.headers["Location"].endswith("/2026/vote/check")
    page = anna.get("/vote/check").text
    assert "Project 1" in page
    assert "Project 3" not in page


def test_an_empty_list_cannot_be_confirmed(knapsack, site, in_box):
    anna = Voter(site)
    page = anna.get("/vote/check").text
    assert "You have not chosen a project yet" in page
    assert "Confirm my vote" not in page

    answer = anna.confirm({"seen_version": "0", "key": "k" * 30, "project": []})
    assert answer.status_code == 422
    assert in_box() == ()


def test_a_draft_over_the_limit_is_shown_and_refused(knapsack, site, in_box):
    anna = Voter(site)
    anna.choose([1, 2, 3])  # the second and third from windows that did not know of the first
    page = anna.get("/vote/check").text
    assert "Your projects cost €50 more than there is. Remove a project." in page
    assert "Confirm my vote" not in page
    assert "too much" in anna.get("/vote").text

    answer = anna.confirm({"seen_version": "0", "key": "k" * 30, "project": ["1", "2", "3"]})
    assert answer.status_code == 422
    assert "€50 more than there is" in answer.text
    assert in_box() == ()


@pytest.mark.parametrize(
    "sent",
    [
        {"key": "k" * 30, "project": ["1"]},
        {"seen_version": "0", "key": "short", "project": ["1"]},
        {"seen_version": "0", "key": "k" * 30, "project": ["-1"]},
        {"seen_version": "0", "key": "k" * 30, "project": ["1; DROP"]},
        {"seen_version": "x", "key": "k" * 30, "project": ["1"]},
        {"seen_version": "0", "key": "k" * 30, "project": ["1", "1"]},
    ],
)
def test_a_form_that_was_tampered_with_is_refused(knapsack, site, in_box, sent):
    assert Voter(site).confirm(sent).status_code == 400
    assert in_box() == ()


@pytest.mark.parametrize("choices", [["99"], ["3", "99"], ["1:2"]])
def test_what_is_not_on_the_ballot_is_not_counted(knapsack, site, in_box, choices):
    answer = Voter(site).confirm({"seen_version": "0", "key": "k" * 30, "project": choices})
    assert answer.status_code == 422
    assert in_box() == ()


def test_confirming_twice_gives_one_ballot_and_the_same_code(knapsack, site, in_box, in_city):
    anna = Voter(site)
    anna.choose([1, 3])
    paper = anna.paper()
    anna.confirm(paper)
    first = anna.code()
    assert anna.confirm(paper).status_code == 303
    assert anna.code() == first
    with in_city("paris"):
        edition = arranging.edition_of()
        assert casting.turnout(edition) == 1
        assert drafts.my_ballot(edition, arranging.voter("anna@paris.example")).version == 1


def test_a_vote_can_be_changed_until_the_close(knapsack, site, in_box):
    anna = Voter(site)
    first = anna.vote([1, 3])
    answer = anna.get("/vote")
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("/vote/receipt")

    assert anna.post("/vote/change").headers["Location"].endswith("/2026/vote")
    page = anna.get("/vote").text
    assert "You are changing your vote" in page
    assert page.count("Added") == 2
    anna.press(1, add=False)
    assert in_box() == (1, 3)

    second = anna.vote([4])
    assert second != first
    assert in_box() == (3, 4)
    assert "It has taken the place of your vote before" in anna.get("/vote/receipt").text


def test_a_change_can_be_dropped(knapsack, site, in_box):
    anna = Voter(site)
    anna.vote([1])
    anna.post("/vote/change")
    anna.press(3)
    assert anna.post("/vote/keep").headers["Location"].endswith("/vote/receipt")
    assert in_box() == (1,)
    assert anna.get("/vote").headers["Location"].endswith("/vote/receipt")


def test_two_windows_are_shown_both_ballots_and_let_choose(knapsack, site, in_box):
    anna = Voter(site)
    anna.choose([1])
    in_one_window = anna.paper()
    anna.press(1, add=False)
    anna.choose([4])
    assert anna.confirm(anna.paper()).status_code == 303
    assert in_box() == (4,)

    answer = anna.confirm(in_one_window)
    assert answer.status_code == 409
    box, here = answer.text.split("On the page you have just sent")
    assert "In the ballot box" in box
    assert "Project 4" in box
    assert "Project 1" in here
    assert in_box() == (4,)

    assert anna.confirm(fields(answer.text)).status_code == 303
    assert in_box() == (1,)


def test_two_windows_with_the_same_choices_are_no_conflict(knapsack, site, in_box):
    anna = Voter(site)
    anna.choose([1])
    first, second = anna.paper(), anna.paper()
    anna.confirm(first)
    code = anna.code()
    answer = anna.confirm(second)
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("/vote/receipt")
    assert anna.code() == code
    assert in_box() == (1,)


def test_of_two_ballots_the_one_in_the_box_can_be_kept(knapsack, site, in_box):
    anna = Voter(site)
    anna.choose([1])
    in_one_window = anna.paper()
    anna.vote([3])
    assert anna.confirm(in_one_window).status_code == 409
    assert anna.post("/vote/keep").status_code == 303
    assert in_box() == (1, 3)


def test_a_change_from_an_old_page_never_replaces_a_newer_vote_unseen(knapsack, site, in_box):
    anna = Voter(site)
    anna.vote([1])
    anna.post("/vote/change")
    old = anna.paper()
    anna.press(4)
    anna.confirm(anna.paper())
    assert in_box() == (1, 4)
    assert anna.confirm(old).status_code == 409
    assert in_box() == (1, 4)


def test_before_it_opens_the_page_says_when(in_city, site, frozen):
    frozen("2026-11-01T10:00")
    with in_city("paris"):
        arranging.opening_at(arranging.knapsack(), datetime(2026, 11, 10, 8, tzinfo=UTC))
    page = Voter(site, None).get("/vote")
    assert page.status_code == 409
    assert "The vote opens on Tuesday, November 10, 2026" in page.text
    assert Voter(site).press(1).status_code == 409


def test_after_the_close_nothing_is_taken_and_the_page_says_so(knapsack, site, frozen, in_city, in_box):
    anna, bela = Voter(site), Voter(site, "bela@paris.example")
    anna.choose([1])
    paper = anna.paper()
    bela.vote([3])
    with in_city("paris"):
        closes = arranging.edition_of().closes_at
    frozen(closes)

    for answer in (anna.confirm(paper), anna.press(4), anna.get("/vote"), anna.post("/vote/change")):
        assert answer.status_code == 409
        assert "The vote has closed" in answer.text
        assert "not counted" in answer.text
    assert in_box() == ()
    assert "The vote you have confirmed counts." in bela.get("/vote").text
    assert "The vote has closed. Ballots can no longer be changed" in bela.get("/vote/receipt").text


def test_a_ballot_that_comes_in_a_moment_before_the_close_counts(knapsack, site, frozen, in_city, in_box):
    anna = Voter(site)
    anna.choose([1])
    paper = anna.paper()
    with in_city("paris"):
        closes = arranging.edition_of().closes_at
    frozen(closes - timedelta(microseconds=1))
    assert anna.confirm(paper).status_code == 303
    assert in_box() == (1,)


def test_whoever_is_not_signed_in_signs_in_and_comes_back(knapsack, site):
    answer = Voter(site, None).get("/vote")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/sign-in?next=/participatory-budget/2026/vote"
    assert Voter(site, None).press(1).status_code == 302


def test_what_was_chosen_waits_for_the_voter_on_her_other_device(knapsack, site):
    phone = Voter(site)
    phone.choose([3])
    laptop = Voter(site)
    assert "1 chosen" in laptop.get("/vote").text


def test_the_receipt_code_is_only_in_the_browser_that_confirmed(knapsack, site):
    code = Voter(site).vote([1])
    other = Voter(site).get("/vote/receipt").text
    assert "You have voted" in other
    assert code not in other


def test_whoever_has_not_voted_has_no_receipt(knapsack, site):
    assert Voter(site).get("/vote/receipt").headers["Location"].endswith("/2026/vote")
