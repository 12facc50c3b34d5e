"""What other rules would have made of past votes: right, and never of a vote that is not public."""

from io import BytesIO

import pytest
from sqlalchemy import func, select

from app.sdk import Conflict, db
from modules.participatory_budget.models import Edition, Preview
from modules.participatory_budget.rules.ballots import BallotType
from modules.participatory_budget.rules.phases import Stage
from modules.participatory_budget.services import importing, what_if

from . import arranging
from .clerk import PAGES, Clerk, words

# 60 voters want the three at 300, 40 the two at 200: greedy gives everything to the 60.
PAST = "\n".join(
    [
        "META",
        "key;value",
        "description;Budget of Testville",
        "num_projects;5",
        "num_votes;100",
        "budget;1000",
        "vote_type;approval",
        "currency;EUR",
        "date_begin;01.10.2025",
        "date_end;20.10.2025",
        "PROJECTS",
        "project_id;cost;name",
        *(f"a{n};300;Avenue {n}" for n in (1, 2, 3)),
        *(f"b{n};200;Bench {n}" for n in (1, 2)),
        "VOTES",
        "voter_id;vote",
        *(f"v{n};a1,a2,a3" for n in range(60)),
        *(f"w{n};b1,b2" for n in range(40)),
        "",
    ]
)


@pytest.fixture
def past(in_city):
    """A vote from a file."""
    with in_city("paris"):
        importing.import_pb(BytesIO(PAST.encode()), importing.ImportTexts("past"))


@pytest.fixture
def clerk(site):
    return Clerk(site)


def ask(clerk, past_id, *laws):
    return clerk.post("/what-if", {"edition": str(past_id), "laws": list(laws)})


@pytest.fixture
def past_id(past, in_city):
    with in_city("paris"):
        return arranging.edition_of("past").id


def test_rules_stand_side_by_side_with_winners_money_and_ballots_served(clerk, past_id, run_tasks):
    asked = ask(clerk, past_id, "shares", "stop", "phragmen", "optimum")
    assert asked.status_code == 303
    assert "being counted" in words(clerk.browser.get(asked.location))
    run_tasks()
    page = words(clerk.browser.get(asked.location))
    assert "The rule of this vote 3 €900 60" in page
    assert "Method of Equal Shares 4 €1,000 100" in page
    assert "Avenue 3 Rules differ €300" in page


def test_a_comparison_is_computed_once(past_id, in_city):
    with in_city("paris"):
        asked = what_if.ask(past_id, ["skip", "value"])
        what_if.compute(asked.id)
        found, finished = asked.found, asked.finished_at
        what_if.compute(asked.id)
        assert (asked.found, asked.finished_at) == (found, finished)
        assert [column.law for column in what_if.columns(asked)] == ["own", "skip", "value"]
        # The rule of the file is greedy with skip.
        assert what_if.columns(asked)[0].winners == what_if.columns(asked)[1].winners == {1, 2, 3}


@pytest.mark.parametrize("stage", [Stage.READY, Stage.COUNTING, Stage.COUNTED])
def test_a_vote_that_is_not_public_is_never_compared(stage, approval, in_city):
    with in_city("paris"):
        edition = arranging.edition_of()
        edition.stage = stage
        edition.sealed_at = None if stage is Stage.READY else edition.closes_at
        assert what_if.past_editions() == []
        with pytest.raises(Conflict, match="public"):
            what_if.ask(edition.id, ["skip"])
        # Nor one that was asked for by other means, or before it was taken back.
        db.session.add(asked := Preview(edition_id=edition.id, laws=["skip"], asked_at=edition.closes_at))
        db.session.flush()
        what_if.compute(asked.id)
        db.session.flush()
        assert db.session.scalar(select(func.count()).select_from(Preview)) == 0


def test_the_page_refuses_such_a_vote_and_keeps_what_was_chosen(clerk, past_id, approval, in_city):
    with in_city("paris"):
        voting = db.session.scalars(select(Edition.id).where(Edition.slug == "2026")).one()
    refused = ask(clerk, voting, "value")
    assert refused.status_code == 422
    refused = ask(clerk, past_id)
    assert refused.status_code == 422
    assert "Choose at least one rule." in words(refused)


def test_a_vote_that_no_other_rule_can_count_is_not_offered(clerk, past_id, in_city):
    with in_city("paris"):
        arranging.edition_of("past").ballot_type = BallotType.JUDGEMENT
    assert "There is no past vote yet." in clerk.words("/what-if")


def test_only_the_newest_comparisons_are_kept(past_id, in_city, monkeypatch):
    monkeypatch.setattr(what_if, "MOST_KEPT", 2)
    with in_city("paris"):
        for _ in range(4):
            what_if.ask(past_id, ["skip"])
        assert db.session.scalar(select(func.count()).select_from(Preview)) == 2


def test_who_only_looks_does_not_compare(site, past_id):
    viewer = Clerk(site, role="viewer", email="viewer@paris.example")
    assert viewer.get("/what-if").status_code == 403


def test_another_city_does_not_see_a_comparison(site, clerk, past_id):
    address = ask(clerk, past_id, "skip").location
    other = Clerk(site, city="budapest", email="clerk@budapest.example")
    assert other.browser.get(address).status_code == 404
    assert PAGES in address
