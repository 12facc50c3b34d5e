"""Votes by district: one contest of the voter's choice, and that of the whole city."""

import pytest

from app.accounts.attributes import services as attributes
from app.core.districts import add_districts
from app.sdk import NotFound
from modules.participatory_budget.services import casting, drafts
from modules.participatory_budget.tests import arranging
from modules.participatory_budget.tests.voter import Voter, fields

from . import papers

ANNA = "anna@paris.example"
# 1 to 3 are for the whole city, 4 to 6 for the north, 7 to 9 for the south.


@pytest.fixture
def vote(in_city, site):
    def begin(edition=None, *, by="any", names=("North", "South"), citywide=True):
        anna = Voter(site)
        with in_city("paris"):
            made = edition() if edition else papers.judged(number=3)
            papers.by_district(made, names, citywide=citywide)
            made.balloting = {**made.balloting, "district_by": by}
            arranging.opened(made)
        return anna

    return begin


@pytest.fixture
def in_box(in_city):
    def look(email=ANNA):
        with in_city("paris"):
            mine = drafts.my_ballot(arranging.edition_of(), arranging.voter(email))
            return dict(mine.marks), mine.district

    return look


def choosing(voter, district):
    return voter.post("/vote/district", {"district": district})


def judge(voter, *numbers, grade=3):
    sent = {f"mark-{number}": str(grade) for number in numbers} | {f"was-{number}": "" for number in numbers}
    return voter.post("/vote/marks", sent)


def test_the_district_is_asked_once_and_then_two_contests_are_on_the_paper(vote, in_box):
    anna = vote()
    assert anna.get("/vote").headers["Location"].endswith("/vote/district")
    page = anna.get("/vote/district").text
    assert page.count('type="radio"') == 3
    assert " checked" not in page
    assert choosing(anna, "north").headers["Location"].endswith("/vote")
    page = anna.get("/vote").text
    assert "Your district: North" in page
    assert "North 1" in page
    assert "South 1" not in page
    assert "Project 1" not in page
    assert "Project 1" in anna.get("/vote?contest=-").text
    judge(anna, 4, 5, 1)
    check = anna.get("/vote/check").text
    assert "Your district: North: You have not judged 1 project." in check
    assert "Whole city: You have not judged 2 projects." in check
    anna.confirm(anna.paper())
    assert in_box() == ({4: 3, 5: 3, 1: 3}, "north")


def test_nothing_is_changed_by_asking_without_an_answer(vote):
    anna = vote()
    answer = anna.post("/vote/district", {})
    assert answer.status_code == 422
    assert "Choose a district." in answer.text
    assert choosing(anna, "atlantis").status_code == 422
    assert anna.get("/vote").headers["Location"].endswith("/vote/district")


def test_another_district_drops_what_was_chosen_in_the_former_and_says_so_before(vote, in_city):
    anna = vote()
    choosing(anna, "north")
    judge(anna, 4, 5, 1)
    assert "your 2 choices in North are taken off your list" in anna.get("/vote/district").text
    choosing(anna, "south")
    with in_city("paris"):
        chosen = drafts.draft(arranging.edition_of(), arranging.voter(ANNA))
        assert (chosen.marks, chosen.district) == ({1: 3}, "south")


def test_projects_of_another_district_get_no_marks(vote, in_box):
    anna = vote()
    choosing(anna, "north")
    assert judge(anna, 7).status_code == 404
    for sent in ({"project": ["7:3"], "district": "north"}, {"project": ["4:3", "7:3"], "district": "south"}):
        answer = anna.confirm({"seen_version": "0", "key": "k" * 30, **sent})
        assert answer.status_code == 422
        assert "is for another district. Remove it." in answer.text
    assert in_box() == ({}, "")


def test_a_ballot_moves_to_another_district_until_the_close(vote, in_box):
    anna = vote()
    choosing(anna, "north")
    judge(anna, 4, 1)
    anna.confirm(anna.paper())
    anna.post("/vote/change")
    choosing(anna, "south")
    assert in_box() == ({4: 3, 1: 3}, "north"), "what is in the box counts until the new one is confirmed"
    judge(anna, 7)
    anna.confirm(anna.paper())
    assert in_box() == ({7: 3, 1: 3}, "south")


def test_the_whole_city_alone_is_a_choice_too(vote, in_box):
    anna = vote()
    choosing(anna, "-")
    assert "You vote on the projects for the whole city only." in anna.get("/vote").text
    judge(anna, 1)
    anna.confirm(anna.paper())
    assert in_box() == ({1: 3}, "")


def test_one_district_without_a_contest_for_the_city_is_not_asked_for(vote, in_box):
    anna = vote(lambda: papers.judged(number=0), names=("North",), citywide=False)
    assert anna.get("/vote").status_code == 200
    judge(anna, 1)
    anna.confirm(anna.paper())
    assert in_box() == ({1: 3}, "north")


def test_where_the_city_says_who_lives_where_nobody_is_asked(vote, in_city, in_box):
    anna = vote(by="attribute")
    with in_city("paris"):
        add_districts([("7", {"en": "South", "fr": "South"})])
        attributes.check(arranging.person(ANNA), "district", "7", "bill")
    assert anna.get("/vote/district").headers["Location"].endswith("/vote")
    page = anna.get("/vote").text
    assert "Your district: South" in page
    assert "Change the district" not in page
    judge(anna, 7, 1)
    paper = anna.paper()
    assert anna.confirm({**paper, "district": "north", "project": ["4:3"]}).status_code == 404
    anna.confirm(paper)
    assert in_box() == ({7: 3, 1: 3}, "south")


def test_who_is_known_nowhere_votes_for_the_whole_city(vote, in_city, in_box):
    anna = vote(by="attribute")
    with in_city("paris"):
        add_districts([("7", {"en": "South", "fr": "South"})])
        attributes.declare(arranging.person(ANNA), "district", "7")
    assert "The city does not know in which district you live" in anna.get("/vote").text
    judge(anna, 1)
    anna.confirm(anna.paper())
    assert in_box() == ({1: 3}, "")


def test_each_contest_has_limits_of_its_own(vote, in_city):
    def ranked():
        return papers.ranked(number=3, places=2)

    anna = vote(ranked)
    choosing(anna, "north")
    for number in (1, 4, 2, 5, 6):
        anna.post("/vote/marks", {"act": f"add:{number}"})
    assert (
        "Your district: North: You can choose 2 projects; you have chosen 3." in anna.get("/vote/check").text
    )
    anna.post("/vote/marks", {"act": "remove:5"})
    anna.confirm(anna.paper())
    with in_city("paris"):
        mine = drafts.my_ballot(arranging.edition_of(), arranging.voter(ANNA))
        assert mine.marks == {4: 1, 6: 2, 1: 3, 2: 4}, "contest after contest"


def test_two_windows_with_different_districts_are_shown_both(vote, in_box):
    anna = vote()
    choosing(anna, "north")
    judge(anna, 4)
    old = anna.paper()
    choosing(anna, "south")
    judge(anna, 7)
    anna.confirm(anna.paper())
    answer = anna.confirm(old)
    assert answer.status_code == 409
    assert "You vote in North." in answer.text
    assert "You vote in South." in answer.text
    assert anna.confirm(fields(answer.text)).status_code == 303
    assert in_box() == ({4: 3}, "north")


def test_the_service_takes_no_district_that_is_not_one(vote, in_city):
    vote()
    with in_city("paris"):
        edition = arranging.edition_of()
        with pytest.raises(NotFound):
            casting.cast(edition, arranging.voter(ANNA), {1: 3}, seen_version=0, key="k" * 30, district="x")


def test_paris_has_twenty_districts_and_the_city(vote, in_box, count_queries):
    names = [f"District {number}" for number in range(1, 21)]
    anna = vote(names=names)
    with count_queries() as asked:
        page = anna.get("/vote/district").text
    assert page.count('type="radio"') == 21
    assert len(asked) < 30
    choosing(anna, "district 11")
    assert "District 11 1" in anna.get("/vote").text
