"""Voting with points, ranks and grades: the same pages as for every other ballot."""

import re

import pytest

from modules.participatory_budget.services import drafts
from modules.participatory_budget.tests import arranging
from modules.participatory_budget.tests.voter import HTMX, Voter

from . import papers

ANNA = "anna@paris.example"


@pytest.fixture
def vote(in_city, site):
    """Open a vote and sit down in front of it."""

    def begin(edition, **how):
        with in_city("paris"):
            arranging.opened(edition(**how))
        return Voter(site)

    return begin


@pytest.fixture
def in_box(in_city):
    def look(email=ANNA):
        with in_city("paris"):
            return dict(drafts.my_ballot(arranging.edition_of(), arranging.voter(email)).marks)

    return look


@pytest.fixture
def drafted(in_city):
    def look(email=ANNA):
        with in_city("paris"):
            return dict(drafts.draft(arranging.edition_of(), arranging.voter(email)).marks)

    return look


def send(voter, query="", **fields):
    return voter.post(
        f"/vote/marks{query}", {name.replace("_", "-"): value for name, value in fields.items()}
    )


def act(voter, what, query=""):
    return voter.post(f"/vote/marks{query}", {"act": what})


def test_points_are_shared_out_by_typing_and_by_pressing(vote, drafted, in_box):
    anna = vote(papers.points)
    page = anna.get("/vote").text
    assert "Share out 10 points among the projects you like. No project can get more than 6." in page
    assert send(anna, mark_1="4", was_1="0", mark_2="3", was_2="0").status_code == 303
    act(anna, "more:1")
    act(anna, "less:2")
    act(anna, "less:3")
    assert drafted() == {1: 5, 2: 2}
    page = anna.get("/vote").text
    assert re.search(r'<strong class="num">3</strong> points left', page)
    check = anna.get("/vote/check").text
    assert "You can still give 3 points." in check
    anna.confirm(anna.paper())
    assert in_box() == {1: 5, 2: 2}


def test_too_many_points_stay_on_the_paper_and_are_not_counted(vote, drafted, in_box):
    anna = vote(papers.points)
    send(anna, mark_1="7", was_1="0", mark_2="5", was_2="0")
    assert "points too many. Take some away." in anna.get("/vote").text
    page = anna.get("/vote/check").text
    assert "You have given 2 points too many." in page
    assert "A project can get 6 points; project 1 has 7." in page
    assert "Confirm my vote" not in page
    answer = anna.confirm({"seen_version": "0", "key": "k" * 30, "project": ["1:7", "2:5"]})
    assert answer.status_code == 422
    assert in_box() == {}


def test_what_is_no_number_is_kept_with_a_message_and_so_is_the_rest(vote, drafted):
    anna = vote(papers.points)
    answer = send(anna, mark_1="many", was_1="0", mark_2="2", was_2="0")
    assert answer.status_code == 422
    assert 'value="many"' in answer.text
    assert "Write a whole number from 0 to 6." in answer.text
    assert re.search(r'name="mark-2"[^>]* value="2"', answer.text)
    assert drafted() == {}
    answer = anna.post(
        "/vote/marks", {"mark-1": "many", "was-1": "0", "mark-2": "2", "was-2": "0"}, headers=HTMX
    )
    assert 'value="many"' in answer.text
    assert drafted() == {2: 2}


def test_a_page_that_was_open_long_takes_nothing_back(vote, drafted):
    anna = vote(papers.points)
    send(anna, mark_1="4", was_1="0")
    send(anna, mark_1="0", was_1="0", mark_2="3", was_2="0")
    assert drafted() == {1: 4, 2: 3}


def test_places_are_given_one_after_the_other_and_can_be_changed(vote, drafted, in_box):
    anna = vote(papers.ranked)
    for number in (4, 2, 5):
        assert act(anna, f"add:{number}").status_code == 303
    assert drafted() == {4: 1, 2: 2, 5: 3}
    page = anna.get("/vote").text
    assert "of 3 places filled" in page
    assert "Your 3 places are taken. Remove a project first." in page
    act(anna, "up:5")
    act(anna, "down:4", "?back=check")
    act(anna, "up:5")
    assert drafted() == {5: 1, 4: 2, 2: 3}
    act(anna, "remove:4")
    check = anna.get("/vote/check").text
    assert check.index("Project 5") < check.index("Project 2")
    assert "You can still choose 1 project." in check
    anna.confirm(anna.paper())
    assert in_box() == {5: 1, 2: 2}


def test_a_ranking_with_a_gap_is_refused(vote, in_box):
    anna = vote(papers.ranked)
    for sent in (["1:1", "2:3"], ["1:1", "2:1"], ["1:1", "2:2", "3:3", "4:4"]):
        answer = anna.confirm({"seen_version": "0", "key": "k" * 30, "project": sent})
        assert answer.status_code == 422
    assert in_box() == {}


def test_each_project_is_judged_with_one_of_four_grades_and_none_is_given_beforehand(vote, drafted, in_box):
    anna = vote(papers.judged)
    page = anna.get("/vote").text
    assert page.count('type="radio"') == 20
    assert " checked" not in page
    assert "of 5 projects judged" in page
    send(anna, mark_1="4", was_1="", mark_2="1", was_2="", mark_3="2", was_3="")
    act(anna, "clear:3")
    assert drafted() == {1: 4, 2: 1}
    page = anna.get("/vote").text
    assert page.count(" checked") == 2
    check = anna.get("/vote/check").text
    assert "I love it" in check
    assert "Not convinced" in check
    assert "You have not judged 3 projects." in check
    anna.confirm(anna.paper())
    assert in_box() == {1: 4, 2: 1}


def test_where_every_project_is_to_be_judged_none_may_be_left_out(vote, in_box):
    anna = vote(papers.judged, mark_all=True)
    send(anna, mark_1="4", was_1="")
    page = anna.get("/vote/check").text
    assert "Judge every project: 4 have no judgement yet." in page
    answer = anna.confirm({"seen_version": "0", "key": "k" * 30, "project": ["1:4"]})
    assert answer.status_code == 422
    send(anna, **{f"mark_{n}": "2" for n in range(2, 6)}, **{f"was_{n}": "" for n in range(2, 6)})
    anna.confirm(anna.paper())
    assert in_box() == {1: 4, 2: 2, 3: 2, 4: 2, 5: 2}


@pytest.mark.parametrize("sent", [{"mark_1": "9", "was_1": ""}, {"mark_77": "1", "was_77": ""}])
def test_a_grade_or_a_project_that_is_not_on_the_paper_is_refused(vote, drafted, sent):
    anna = vote(papers.judged)
    assert send(anna, **sent).status_code in (400, 404, 422)
    assert drafted() == {}


@pytest.mark.parametrize("what", ["up:1", "more:1", "nonsense:1"])
def test_a_button_of_another_ballot_does_nothing(vote, drafted, what):
    anna = vote(papers.judged)
    assert act(anna, what).status_code in (400, 422)
    assert drafted() == {}


def test_a_project_is_marked_on_its_own_page_too(vote, drafted):
    anna = vote(papers.judged)
    assert 'type="radio"' in anna.get("/projects/3").text
    answer = send(anna, "?back=project", mark_3="3", was_3="")
    assert answer.headers["Location"].endswith("/projects/3")
    assert drafted() == {3: 3}


def test_with_javascript_only_what_has_changed_comes_back(vote, drafted):
    anna = vote(papers.ranked)
    answer = anna.post("/vote/marks", {"act": "add:2"}, headers=HTMX)
    assert answer.status_code == 200
    assert 'id="project-2"' in answer.text
    assert 'id="budget-bar"' in answer.text
    assert "Place 1" in answer.text
    assert "project-3" not in answer.text
    assert anna.post("/vote/marks", {"act": "check"}, headers=HTMX).headers["HX-Redirect"].endswith("/check")
    assert drafted() == {2: 1}


def test_two_windows_show_marks_of_both(vote, in_box):
    anna = vote(papers.judged)
    send(anna, mark_1="4", was_1="")
    old = anna.paper()
    send(anna, mark_1="1", was_1="4")
    assert anna.confirm(anna.paper()).status_code == 303
    answer = anna.confirm(old)
    assert answer.status_code == 409
    assert "Not convinced" in answer.text
    assert "I love it" in answer.text
    assert in_box() == {1: 1}


def test_a_changed_ballot_begins_with_its_marks(vote, drafted):
    anna = vote(papers.points)
    send(anna, mark_2="4", was_2="0")
    anna.confirm(anna.paper())
    anna.post("/vote/change")
    assert drafted() == {2: 4}
    assert re.search(r'name="mark-2"[^>]* value="4"', anna.get("/vote").text)
