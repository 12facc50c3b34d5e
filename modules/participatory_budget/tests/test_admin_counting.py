"""The count as staff follow it, and the result before it is published."""

import pytest

from app.sdk import db
from modules.participatory_budget.models import CountState, Failure
from modules.participatory_budget.services import casting, certifying, counting

from . import arranging
from .ballots import papers
from .clerk import Clerk, value_of, words


@pytest.fixture
def clerk(site, in_city, closed):
    found = Clerk(site)
    with in_city("paris"):
        found.home += f"/{arranging.edition_of().id}"
    return found


@pytest.fixture
def sign(in_city):
    """Have two people sign the result."""

    def act():
        with in_city("paris"):
            arranging.certified(arranging.edition_of())

    return act


def test_the_page_shows_how_far_the_count_is_and_asks_again_by_itself(clerk):
    page = clerk.get("/")
    assert "0 of 5 ballots counted" in words(page)
    assert '<progress class="bar" max="5" value="0"' in page.text
    assert 'hx-trigger="every 2s"' in page.text
    assert '<noscript><meta http-equiv="refresh"' in page.text


def test_the_board_alone_is_a_part_of_a_page_and_stops_when_the_count_is_done(clerk, run_tasks):
    board = clerk.get("/board")
    assert "<html" not in board.text
    assert 'hx-trigger="every 2s"' in board.text
    run_tasks()
    board = clerk.get("/board")
    assert "The ballots are counted." in words(board)
    assert "hx-trigger" not in board.text
    assert "refresh" not in clerk.get("/").text


def test_during_the_vote_staff_see_the_turnout_and_no_votes(site, in_city, cast, frozen):
    frozen("2026-11-22T10:00")
    clerk = Clerk(site)
    with in_city("paris"):
        arranging.opened(arranging.approval())
        clerk.home += f"/{arranging.edition_of().id}"
    cast([[1]] * 10)
    for day, number in (("2026-11-23", 11), ("2026-11-24", 2)):
        frozen(f"{day}T10:00")
        cast([[1], [2]] + [[1]] * (number - 2), prefix=day)
    page = words(clerk.get("/"))
    assert "23 people have voted" in page
    assert "Sunday, November 22, 2026 10 10" in page
    assert "Monday, November 23, 2026 – Tuesday, November 24, 2026 13 23" in page
    assert clerk.get("/result").status_code == 404
    assert "See the result" not in page


def test_a_vote_that_should_have_been_sealed_by_now_says_so(site, in_city, frozen):
    frozen("2026-11-22T10:00")
    clerk = Clerk(site)
    with in_city("paris"):
        arranging.opened(arranging.approval(), days=1)
        clerk.home += f"/{arranging.edition_of().id}"
    frozen("2026-11-23T10:01")
    assert "counted within a minute" in clerk.words()
    assert "later than usual" not in clerk.words()
    frozen("2026-11-23T10:06")
    assert "The ballots have not been sealed yet, later than usual." in clerk.words()


def test_the_draft_of_a_result_has_ranking_reasons_and_the_budget_line(clerk, run_tasks):
    run_tasks()
    page = words(clerk.get("/result"))
    assert "Residents do not see this yet." in page
    assert "Green city €80 of €100 handed out, €20 left" in page
    assert "1 Green city 3 Equal votes 3 €60 Funded Funded; €40 was left after it." in page
    assert "Budget line: €20 is left, no further project gets money." in page
    assert "Every category has its own money" in page


def test_the_draft_of_a_vote_by_grades_has_grades_and_no_votes(site, in_city, run_tasks):
    clerk, emails = Clerk(site), [f"judge{number}@paris.example" for number in range(4)]
    for email in emails:
        site("paris", role="resident", email=email)
    with in_city("paris"):
        arranging.opened(papers.judged())
        clerk.home += f"/{arranging.edition_of().id}"
    with in_city("paris"):
        vote = arranging.edition_of()
        for email, grades in zip(emails, ({1: 4}, {1: 4}, {1: 3, 2: 4}, {1: 1}), strict=True):
            casting.cast(vote, arranging.voter(email), grades, seen_version=0, key=email)
    with in_city("paris"):
        arranging.closed(arranging.edition_of())
    run_tasks()
    page = clerk.words("/result")
    assert "Place Project Majority grade Cost Outcome Change 1 Project 1 I like it €20" in page
    assert "All grades in numbers" in page
    assert "2 (50%)" in page


def test_a_tie_is_named_with_the_rule_that_broke_it(site, in_city, cast, run_tasks, frozen):
    frozen("2026-11-22T10:00")
    clerk = Clerk(site)
    with in_city("paris"):
        arranging.opened(arranging.knapsack(budget=100, costs=(60, 60, 30)))
        clerk.home += f"/{arranging.edition_of().id}"
    cast([[1], [2]])
    with in_city("paris"):
        arranging.closed(arranging.edition_of())
    run_tasks()
    page = words(clerk.get("/result"))
    assert "Equal votes" in page
    assert "vote each: Project 1, Project 2." in page
    assert "The one with the lower number on the ballot came first." in page


def test_a_project_is_taken_out_for_a_reason_and_the_ballots_counted_again(clerk, run_tasks, sign, site):
    run_tasks()
    before = words(clerk.get("/result"))
    assert "Green city 3" in before
    refused = clerk.post("/projects/3/exclude", {"reason-en": "Withdrawn"})
    assert refused.status_code == 422
    assert "Write the reason (Français)." in words(refused)
    assert "Withdrawn" in refused.text
    clerk.save("/projects/3/exclude", {"reason-fr": "Retiré", "reason-en": "Withdrawn by its author"})
    assert "Something has changed since the count." in clerk.words()
    assert "Sign the result" not in clerk.words()
    late = clerk.post("/publish")
    assert late.status_code == 409
    assert "Count again, then publish." in words(late)
    clerk.take("count")
    run_tasks()
    assert "Taken out of the count: Withdrawn by its author" in clerk.words("/result")
    sign()
    clerk.take("publish")
    page = site("paris").get("/participatory-budget/2026/results", headers={"Accept-Language": "en"})
    assert "Withdrawn by its author" in page.text
    assert clerk.post("/projects/3/include").status_code == 409
    again = clerk.post("/projects/4/exclude", {"reason-fr": "Trop tard"})
    assert again.status_code == 409
    assert "The result is published." in words(again)


def test_an_excluded_project_can_be_put_back(clerk, run_tasks, sign):
    run_tasks()
    clerk.save("/projects/3/exclude", {"reason-fr": "Retiré"})
    assert "Out of the count" in clerk.words("/projects/3")
    clerk.save("/projects/3/include", {})
    assert "Something has changed since the count." not in clerk.words()
    sign()
    clerk.take("publish")


def test_changing_only_the_reason_asks_for_another_count_too(clerk, run_tasks):
    clerk.save("/projects/3/exclude", {"reason-fr": "Retiré"})
    run_tasks()
    assert "Sign the result" in clerk.words()
    clerk.save("/projects/3/exclude", {"reason-fr": "Retiré par son auteur"})
    assert "Sign the result" not in clerk.words()


def test_counting_again_gives_the_same_result(clerk, run_tasks):
    run_tasks()
    first = clerk.words("/result")
    clerk.take("count")
    assert "0 of 5 ballots counted" in clerk.words()
    run_tasks()
    second = clerk.words("/result")
    assert second == first


def test_a_count_that_finds_an_unreadable_ballot_says_so_and_waits_for_the_frozen_rules(
    clerk, run_tasks, in_city
):
    with in_city("paris"):
        found = arranging.edition_of()
        db.session.delete(found.projects[4])
    with in_city("paris"):
        started = counting.latest(arranging.edition_of())
        started.votes = {n: v for n, v in started.votes.items() if n != "5"}
    run_tasks()
    page = clerk.words()
    assert "The count failed." in page
    assert "A ballot or the rule cannot be read as it was stored." in page
    assert "Count again" in page
    with in_city("paris"):
        failed = counting.latest(arranging.edition_of())
        assert (failed.state, failed.failure) == (CountState.FAILED, Failure.UNREADABLE)
    assert clerk.post("/publish").status_code == 409
    again = clerk.post("/count")
    assert again.status_code == 409
    assert "not those that were frozen" in words(again)


def test_two_counts_that_differ_publish_nothing(clerk, run_tasks, in_city):
    with in_city("paris"):
        started = counting.latest(arranging.edition_of())
        started.marks = {"": {"1": {"1": 7}}}
    run_tasks()
    assert "Two ways of counting came to different numbers. Nothing was published." in clerk.words()
    clerk.take("count")
    run_tasks()
    assert "The ballots are counted." in clerk.words()


def test_a_count_whose_message_was_lost_goes_on(clerk, run_tasks, in_city, app):
    from app.core import jobs
    from app.core.db import end_transaction

    with app.app_context():
        assert jobs.due_rows(100)
        end_transaction(keep=True)
    run_tasks()
    assert "0 of 5 ballots counted" in clerk.words()
    with in_city("paris"):
        assert counting.resume() == 1
        assert counting.resume() == 1
    run_tasks()
    assert "The ballots are counted." in clerk.words()


def test_the_money_of_an_own_vote_cannot_change_after_the_count(clerk, run_tasks):
    run_tasks()
    given = {"budget": "9", "sharing": "together", "method": "greedy-skip", "tie_break": "cheaper-first"}
    given["completion"] = "add1u"
    assert clerk.post("/money", {**given, "min_votes": "1"}).status_code == 409
    assert "The ballot is fixed" in clerk.words("/money")


def test_a_result_page_costs_as_many_questions_as_it_has_kinds_of_things(clerk, run_tasks, count_queries):
    run_tasks()
    clerk.get("/result")
    with count_queries() as asked:
        assert clerk.get("/result").status_code == 200
    assert len(asked) <= 29


def test_two_different_people_sign_what_they_have_seen_and_only_then_can_it_be_published(
    site, clerk, run_tasks
):
    run_tasks()
    assert clerk.post("/publish").status_code == 409
    page = clerk.words("/certify")
    assert "Digest of the result" in page
    assert "The database counted the ballots a second time" in page
    assert "counted anew by the program that everybody can run" in page
    seen = value_of(clerk.get("/certify"), "seen")
    assert clerk.sign().status_code == 303
    page = clerk.words("/certify")
    assert "You have signed this result. A second person has to sign it, too." in page
    assert "I have checked the result and sign it" not in page
    again = clerk.post("/certify", {"seen": seen})
    assert again.status_code == 409
    assert "A second person has to sign it, too." in words(again)
    assert clerk.post("/publish").status_code == 409
    other = Clerk(site, email="second@paris.example")
    other.home = clerk.home
    assert other.post("/certify", {"seen": "0" * 64}).status_code == 409
    assert other.post("/certify", {}).status_code == 409
    assert other.sign().status_code == 303
    assert "Publish results Publish later" in other.words()
    assert "Publish results Publish later" in other.words("/result")
    other.take("publish")
    assert "The result was published" in clerk.words()


def test_counting_again_asks_for_new_signatures(clerk, run_tasks, sign):
    run_tasks()
    sign()
    clerk.take("count")
    run_tasks()
    assert "Sign the result" in clerk.words()
    assert clerk.post("/publish").status_code == 409


def test_a_result_under_embargo_is_shown_at_its_time_and_not_before(
    clerk, run_tasks, sign, site, frozen, in_city
):
    run_tasks()
    sign()
    at = {"day": "2036-11-23", "time": "12:00"}
    clerk.save("/publish-later", at)
    assert "Residents see the result on" in clerk.words()
    reader, editor = site("paris"), Clerk(site, role="editor", email="editor@paris.example")
    editor.home = clerk.home
    base = "/participatory-budget/2026/results"
    secret = [base + end for end in ("/results.csv", "/ballots.pb", "/protocol.json")]
    for address in (*secret, "/api/v1/participatory-budget/editions/2026/result"):
        assert reader.get(address).status_code == 404, address
    assert editor.get("/result").status_code == 403
    assert editor.get("/certify").status_code == 403
    for address in (base, "/participatory-budget/2026", "/participatory-budget/2026/projects/3", "/"):
        page = reader.get(address).get_data(as_text=True)
        assert "3 votes" not in page
        assert "3\u00a0votes" not in page
    with in_city("paris"):
        assert not certifying.publish_if_due(arranging.edition_of().id)
    frozen("2036-11-23T11:00")
    run_tasks()
    assert reader.get(secret[0]).status_code == 200


def test_an_embargo_in_the_past_is_refused_and_what_was_typed_kept(clerk, run_tasks, sign, frozen):
    run_tasks()
    sign()
    refused = clerk.post("/publish-later", {"day": "2020-01-01", "time": "12:00"})
    assert refused.status_code == 422
    assert "Choose a time that is still to come" in words(refused)
    assert "2020-01-01" in refused.text
