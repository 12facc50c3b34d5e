"""Following an edition: its followers hear when the vote opens and when the result is there."""

from datetime import timedelta

import pytest

from app.sdk import now
from modules.participatory_budget.rules.phases import Stage
from modules.participatory_budget.services import followers

from . import arranging

EN = {"Accept-Language": "en"}
FOLLOW = "/account/notifications/follow"


@pytest.fixture
def follower(site):
    """Somebody who can follow editions."""
    return site("paris", role="resident", email="anna@paris.example")


@pytest.fixture
def follow(follower, in_city):
    """Let her follow an edition, or no longer."""

    def act(follow="1", slug="2026", browser=follower):
        with in_city("paris"):
            subject = followers.subject(arranging.edition_of(slug))
        return browser.post(FOLLOW, data={"subject": subject, "follow": follow})

    return act


def in_inbox(browser):
    return browser.get("/account/inbox", headers=EN).text


def test_who_follows_hears_of_the_result_and_who_voted_does_not(in_city, site, follower, follow, run_tasks):
    voter = site("paris", role="resident", email="bela@paris.example")
    with in_city("paris"):
        edition = arranging.opened(arranging.approval())
        arranging.cast(edition, [(arranging.person("bela@paris.example"), [1])])
    assert follow().location == "/participatory-budget/2026/"
    with in_city("paris"):
        arranging.closed(arranging.edition_of())
    run_tasks()
    with in_city("paris"):
        arranging.published(arranging.edition_of())
    run_tasks()
    assert "The result is there" in in_inbox(follower)
    assert "The result is there" not in in_inbox(voter)


def test_who_follows_hears_a_day_before_the_vote_opens_and_once(in_city, follower, follow, run_tasks, frozen):
    frozen("2026-11-24T10:00")
    with in_city("paris"):
        arranging.opening_at(arranging.approval(), now() + timedelta(days=5))
    follow()
    run_tasks()
    assert "opens soon" not in in_inbox(follower)
    frozen("2026-11-28T10:01")
    run_tasks()
    with in_city("paris"):
        followers.tell_opening(arranging.edition_of().id)
    run_tasks()
    assert "1 thing is new." in in_inbox(follower)
    assert "opens soon" in in_inbox(follower)


def test_nobody_hears_of_a_vote_that_was_opened_at_once(in_city, follower, follow, run_tasks):
    with in_city("paris"):
        arranging.opened(arranging.approval())
    follow()
    run_tasks()
    assert "opens soon" not in in_inbox(follower)


def test_she_stops_following_where_she_began(in_city, follower, follow, run_tasks):
    with in_city("paris"):
        arranging.opened(arranging.approval())
    follow()
    assert "Stop following" in follower.get("/participatory-budget/2026/", headers=EN).text
    assert "/participatory-budget/2026/" in follower.get("/account/notifications", headers=EN).text
    follow("0")
    assert "Stop following" not in follower.get("/participatory-budget/2026/", headers=EN).text
    with in_city("paris"):
        arranging.closed(arranging.edition_of())
    run_tasks()
    with in_city("paris"):
        arranging.published(arranging.edition_of())
    run_tasks()
    assert "The result is there" not in in_inbox(follower)


def test_a_draft_cannot_be_followed_and_a_visitor_signs_in_first(in_city, visitor, follow):
    with in_city("paris"):
        assert arranging.approval().stage is Stage.DRAFT
    assert follow().status_code == 404
    assert follow(browser=visitor).status_code == 302


@pytest.mark.parametrize("subject", ["", "x", "participatory_budget:edition:x", "news:article:1", ":::"])
def test_what_is_nothing_cannot_be_followed(follower, subject):
    assert follower.post(FOLLOW, data={"subject": subject, "follow": "1"}).status_code == 404
