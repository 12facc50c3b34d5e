"""What voters are told about each ballot, and how many questions a large paper asks the database."""

import pytest

from app.accounts.privacy import collecting
from app.core.people import HOLDINGS
from app.sdk import force_locale
from modules.participatory_budget.rules.ballots import BallotType
from modules.participatory_budget.services import casting, explaining
from modules.participatory_budget.tests import arranging
from modules.participatory_budget.tests.voter import HTMX, Voter

from . import papers

ANNA = "anna@paris.example"


def how(edition):
    with force_locale("en"):
        return explaining.how_to_choose(edition)


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        (papers.points, "Share out 10 points among the projects you like. No project can get more than 6."),
        (papers.ranked, "Put up to 3 projects in the order you prefer, the best first."),
        (papers.judged, "Say of each project what you think of it. You can leave projects out."),
        (lambda: papers.judged(mark_all=True), "Say of every project what you think of it."),
        (
            lambda: papers.by_district(papers.ranked(places=None)),
            (
                "You vote on the projects of one district and on those for the whole city. In each of them: "
                "Put projects in the order you prefer, the best first."
            ),
        ),
        (
            lambda: papers.by_district(papers.judged(number=0), citywide=False),
            (
                "You vote on the projects of one district. In each of them: "
                "Say of each project what you think of it. You can leave projects out."
            ),
        ),
    ],
)
def test_every_ballot_is_explained(in_city, made, sentence):
    with in_city("paris"):
        assert how(made()) == sentence


def test_how_many_at_least_is_said_too(in_city):
    with in_city("paris"):
        edition = arranging.approval()
        edition.max_per_category, edition.max_choices, edition.balloting = None, 5, {"min_choices": 3}
        assert how(edition) == "Choose 3 to 5 projects."


@pytest.fixture
def three_hundred(in_city, site):
    """A vote with 300 projects, of any type, in which Anna has chosen some."""

    def make(kind, by_district=False):
        anna = Voter(site)
        with in_city("paris"):
            edition = {
                BallotType.POINTS: papers.points,
                BallotType.RANKED: papers.ranked,
                BallotType.JUDGEMENT: papers.judged,
            }[kind](number=2)
            for number in range(298):
                papers.add(edition, f"More {number}")
            if by_district:
                papers.by_district(edition, ["North"])
            arranging.opened(edition)
        if by_district:
            anna.post("/vote/district", {"district": "north"})
        return anna

    return make


@pytest.mark.parametrize(
    ("kind", "by_district"),
    [
        (BallotType.POINTS, False),
        (BallotType.RANKED, False),
        (BallotType.JUDGEMENT, False),
        (BallotType.JUDGEMENT, True),
    ],
)
def test_a_paper_with_300_projects_asks_few_questions(three_hundred, kind, by_district, count_queries):
    anna = three_hundred(kind, by_district)
    mark = {"act": "add:9"} if kind is BallotType.RANKED else {"mark-9": "1", "was-9": ""}
    assert anna.post("/vote/marks", mark).status_code == 303
    with count_queries() as asked:
        page = anna.get("/vote?contest=-")
    assert page.text.count('class="card pcard') == 300
    assert len(asked) <= 30, len(asked)
    with count_queries() as asked:
        anna.post("/vote/marks", {**mark, "act": mark.get("act", "")}, headers=HTMX)
    assert len(asked) <= 30, len(asked)
    with count_queries() as asked:
        assert anna.get("/vote/check").status_code == 200
    assert len(asked) <= 30, len(asked)


def test_a_draft_with_marks_is_in_the_copy_of_ones_data(in_city, site):
    anna = Voter(site)
    with in_city("paris"):
        arranging.opened(papers.points())
    anna.post("/vote/marks", {"mark-2": "4", "was-2": "0"})
    with in_city("paris"), force_locale("en"):
        told = list(collecting.records(HOLDINGS["participatory_budget.votes"], arranging.person(ANNA).id))
    assert told[0]["chosen_and_not_confirmed"] == ["Project 2: 4 points"]


def test_a_vote_that_was_taken_back_is_gone_with_its_receipt_and_a_mail_says_so(in_city, site, mails):
    anna = Voter(site)
    with in_city("paris"):
        arranging.opened(arranging.knapsack())
    code = anna.vote([1, 3])
    mails()
    assert "Take my vote back" in anna.get("/vote/receipt").text
    page = anna.get("/vote/withdraw")
    assert "Take your vote back?" in page.text
    answer = anna.post("/vote/withdraw", {"seen_version": "1"})
    assert answer.headers["Location"].endswith("/2026/")
    assert "Your vote is no longer in the ballot box." in anna.get("/").text
    assert anna.get("/vote/receipt").headers["Location"].endswith("/vote")
    assert code not in anna.get("/vote").text
    with in_city("paris"):
        edition = arranging.edition_of()
        assert casting.turnout(edition) == 0
        assert not casting.has_voted(edition, arranging.voter(ANNA))
    newest = mails()[-1]
    assert "Votre vote" in newest["subject"] or "taken back" in newest["subject"]
    assert code not in newest["text"]
    anna.vote([4])
    with in_city("paris"):
        assert casting.turnout(arranging.edition_of()) == 1


def test_a_city_can_leave_taking_back_out(in_city, site):
    anna = Voter(site)
    with in_city("paris"):
        edition = arranging.knapsack()
        edition.balloting = {"withdraw": False}
        arranging.opened(edition)
    anna.vote([1])
    assert "Take my vote back" not in anna.get("/vote/receipt").text
    assert anna.get("/vote/withdraw").headers["Location"].endswith("/receipt")
    assert anna.post("/vote/withdraw", {"seen_version": "1"}).status_code == 409
    with in_city("paris"):
        assert casting.turnout(arranging.edition_of()) == 1


@pytest.mark.parametrize("sent", [{}, {"seen_version": "x"}])
def test_taking_back_needs_to_know_what(in_city, site, sent):
    anna = Voter(site)
    with in_city("paris"):
        arranging.opened(arranging.knapsack())
    anna.vote([1])
    assert anna.post("/vote/withdraw", sent).status_code == 400
