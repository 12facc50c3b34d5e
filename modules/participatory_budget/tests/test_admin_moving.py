"""Moving an edition from phase to phase: each step asks, says what it does, and is refused when it is too late."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from app.core.audit import latest
from app.sdk import db
from modules.participatory_budget.models import Ballot, Edition
from modules.participatory_budget.services import box, casting, going_back

from . import arranging
from .clerk import Clerk, words
from .test_voting_races import gate_before
from .voter import Voter


@pytest.fixture
def clerk(site, frozen):
    frozen("2026-11-22T10:00")
    found = Clerk(site)
    found.prepare()
    return found


@pytest.fixture
def dated(clerk):
    """An edition of which everything is ready."""
    clerk.save(
        "/dates",
        {
            "opens_day": "2026-12-01",
            "opens_time": "08:00",
            "closes_day": "2026-12-10",
            "closes_time": "18:00",
        },
    )
    return clerk


@pytest.mark.parametrize(
    ("step", "effect"),
    [
        ("show", "They cannot vote yet; everything can still change"),
        ("open", "Residents can vote at once, until Thursday, December 10, 2026, 6:00 PM"),
        ("fix", "The vote opens by itself on Tuesday, December 1, 2026"),
        ("delete", "Its texts and projects are lost"),
    ],
)
def test_every_step_says_what_it_does_before_it_is_taken(dated, step, effect):
    assert effect in words(dated.get(f"/{step}"))
    assert "Draft" in dated.words()


def test_a_step_is_not_taken_by_following_a_link(dated):
    for step in ("show", "fix", "open", "delete"):
        dated.get(f"/{step}")
        dated.browser.head(f"{dated.home}/{step}")
    assert "Staff prepare this edition. Residents do not see it." in dated.words()


def test_closing_says_how_many_have_voted_and_that_it_is_final(clerk, site):
    clerk.take("open")
    Voter(site).vote([1])
    page = words(clerk.get("/close"))
    assert "1 person has voted." in page
    assert "the vote cannot be opened again" in page


@pytest.mark.parametrize(
    ("before", "step", "reason"),
    [
        (["show"], "show", "Residents can already see this edition."),
        (["show", "hide"], "close", "The vote is not open."),
        ([], "count", "There is nothing to count now."),
        ([], "publish", "There is no counted result to publish."),
        ([], "release", "The vote has opened: its rules and projects stay as they are."),
        (["open"], "open", "The vote has already been opened."),
        (["open"], "show", "Residents can already see this edition."),
        (["open"], "hide", "The ballot is fixed"),
        (["open"], "fix", "The ballot is fixed"),
        (["open"], "release", "The vote has opened: its rules and projects stay as they are."),
        (["open"], "delete", "Residents can see this edition. Hide it first."),
        (["open"], "count", "There is nothing to count now."),
        (["open", "close"], "close", "The vote is not open."),
        (["open", "close"], "open", "The vote has already been opened."),
        (["open", "close"], "count", "The ballots are not sealed yet."),
        (["open", "close"], "publish", "There is no counted result to publish."),
    ],
)
def test_a_step_out_of_turn_is_refused_with_the_reason(dated, before, step, reason):
    for earlier in before:
        dated.take(earlier)
    asked = dated.get(f"/{step}")
    assert asked.status_code == 303
    assert "This cannot be done now." in dated.words()
    where = dated.words()
    answer = dated.post(f"/{step}")
    assert answer.status_code == 409
    assert reason in words(answer)
    assert dated.words() == where


def test_nothing_opens_while_something_is_missing(site, frozen):
    frozen("2026-11-22T10:00")
    clerk = Clerk(site)
    clerk.create()
    assert "Open voting now" not in clerk.words()
    for step in ("open", "fix"):
        answer = clerk.post(f"/{step}")
        assert answer.status_code == 409
        assert "Something is still missing. Complete the list first." in words(answer)
        assert "Missing in Français: the summary" in words(answer)
    assert "Say when the vote closes." in clerk.words()


def test_a_refused_opening_leaves_no_date_behind(clerk, in_city):
    clerk.save("/projects/2/remove", {})
    clerk.save("/projects/3/remove", {})
    assert clerk.post("/open").status_code == 409
    with in_city("paris"):
        assert arranging.edition_of().opens_at is None


def test_two_clerks_who_open_at_once_open_once(clerk, site, in_city):
    barrier = Barrier(2)
    browsers = [
        Clerk(site, email="one@paris.example").browser,
        Clerk(site, email="two@paris.example").browser,
    ]

    def press(browser):
        barrier.wait()
        return browser.post(f"{clerk.home}/open")

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(press, browsers))
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    late = next(answer for answer in answers if answer.status_code == 409)
    assert "The vote has already been opened." in words(late)
    assert "Voting is open" in words(late)
    with in_city("paris"):
        opened = [entry for entry in latest() if entry.action == "participatory_budget.vote_opened"]
        assert len(opened) == 1


def test_a_fixed_ballot_can_be_changed_again_until_the_vote_opens(dated, frozen, in_city):
    dated.take("fix")
    assert dated.post("/projects/new", {"title-fr": "Tard", "cost": "7"}).status_code == 409
    dated.take("release")
    dated.add("Encore", "70")
    frozen("2026-12-02T10:00")
    assert "Voting is open" not in dated.words()
    with in_city("paris"):
        assert arranging.edition_of().slot_salt is None


def test_no_ballot_comes_in_while_the_ballot_is_released(dated, in_city, site, frozen):
    dated.take("fix")
    frozen("2026-12-01T06:59:59")
    site("paris", role="resident", email="anna@paris.example")

    def release(gate):
        gate.guard()
        with in_city("paris"):
            return going_back.release_ballot(arranging.edition_of().id)

    def vote():
        with in_city("paris"):
            found = arranging.edition_of()
            casting.cast(found, arranging.voter("anna@paris.example"), {1: 1}, seen_version=0, key="k")

    with gate_before("UPDATE participatory_budget_edition") as gate, ThreadPoolExecutor(2) as pool:
        released = pool.submit(release, gate)
        assert gate.reached.wait(20)
        frozen("2026-12-01T07:00:00")
        voted = pool.submit(vote)
        with pytest.raises(TimeoutError):
            voted.result(1)
        gate.open.set()
        released.result(20)
        with pytest.raises(box.VoteNotOpen):
            voted.result(20)
    with in_city("paris"):
        assert db.session.scalar(select(func.count()).select_from(Ballot)) == 0


def test_a_draft_can_be_deleted_with_all_that_is_in_it(clerk, in_city):
    clerk.save("/delete", {})
    assert clerk.get("/").status_code == 404
    with in_city("paris"):
        assert db.session.scalar(select(func.count()).select_from(Edition)) == 0
        [entry] = [one for one in latest() if one.action == "participatory_budget.edition_deleted"]
        assert entry.details == {"slug": "2026"}


def test_the_audit_log_says_who_took_each_step(dated, site, in_city, run_tasks):
    for step in ("show", "hide", "fix", "release", "open", "close"):
        dated.take(step)
    run_tasks()
    dated.sign_and_publish(Clerk(site, email="ines@paris.example"))
    with in_city("paris"):
        entries = [one for one in latest() if one.action.startswith("participatory_budget.")]
        who = {one.action.partition(".")[2]: one.actor_name for one in entries}
        subject = f"edition:{arranging.edition_of().id}"
        assert {one.subject for one in entries if not one.subject.startswith("project:")} == {subject}
    assert {who.pop(action) for action in ("ballots_sealed", "count_started", "counted")} == {""}
    assert who.pop("result_certified") in ("Administrator", "Ines")
    assert set(who) == {
        "edition_created", "texts_changed", "project_added", "dates_changed", "edition_shown", "edition_hidden",
        "ballot_fixed", "ballot_released", "rules_frozen", "vote_opened", "vote_closed", "result_published",
    }  # fmt: skip
    assert set(who.values()) == {"Administrator"}


def test_who_opens_a_vote_of_a_city_that_is_not_public_is_told_so(clerk, in_city):
    from app.sdk import current_city
    from tenants import resolve
    from tenants.models import CityRecord

    with in_city("paris"):
        db.session.get(CityRecord, current_city().id).published = False
        resolve.change()
    assert "The city's site is not public yet" in clerk.words("/open")
