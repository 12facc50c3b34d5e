"""The result of a vote by district: each contest by itself, in the table and for programs, and the seed of the lots."""

import csv
import hashlib
import io
import json
import re
import zipfile

import pytest

from modules.participatory_budget.rules.phases import Stage
from modules.participatory_budget.rules.ties import TieBreak

from . import arranging
from .ballots import papers
from .voter import Voter

API = "/api/v1/participatory-budget/editions/2026"
SEED = "wind from the north, 2026"
# 1 to 3 are for the whole city, 4 to 6 for the north, 7 to 9 for the south.


@pytest.fixture
def vote(in_city, site):
    """Open a vote by district in which lots decide; one person judges all that she can."""
    with in_city("paris"):
        made = papers.by_district(papers.judged(number=3))
        made.tie_break, made.lot_seed = TieBreak.LOT, SEED
        made.balloting = {**made.balloting, "district_by": "any"}
        arranging.opened(made)
    anna = Voter(site)
    anna.post("/vote/district", {"district": "north"})
    sent = {f"mark-{number}": "3" for number in range(1, 7)} | {f"was-{number}": "" for number in range(1, 7)}
    anna.post("/vote/marks", sent)
    assert anna.confirm(anna.paper()).status_code == 303
    return anna


def table_of(answer):
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


def numbers(rows):
    return sorted(int(row["number"]) for row in rows)


def test_the_table_is_there_for_each_contest_alone(vote, finish, reader):
    finish()
    table = "/results/results.csv"
    assert numbers(table_of(reader.get(table))) == list(range(1, 10))
    assert numbers(table_of(reader.get(f"{table}?contest=north"))) == [4, 5, 6]
    assert numbers(table_of(reader.get(f"{table}?contest="))) == [1, 2, 3]
    assert reader.get(f"{table}?contest=east").status_code == 404
    page = reader.get("/results").text
    assert f'{table}?contest=north"' in page


def test_programs_read_contests_projects_by_contest_and_results_only_once_published(vote, finish, site):
    program = site("paris")
    program.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    [city, north, south] = program.get(API).json["contests"]
    assert [one["key"] for one in (city, north, south)] == ["", "north", "south"]
    assert (city["name"], north["name"], north["money"]) == (
        "Whole city",
        "North",
        {"amount": 10_000, "currency": "EUR"},
    )
    listed = program.get(f"{API}/projects?contest=north").json["items"]
    assert [(one["number"], one["contest"]) for one in listed] == [(4, "north"), (5, "north"), (6, "north")]
    assert numbers(program.get(f"{API}/projects?contest=").json["items"]) == [1, 2, 3]
    assert program.get(f"{API}/result").status_code == 404
    assert SEED not in program.get(API).text

    finish()
    result = program.get(f"{API}/result").json
    counted = {one["key"]: one for one in result["contests"]}
    assert {key: one["ballots"] for key, one in counted.items()} == {"north": 1, "south": 0, "": 1}
    assert {one["contest"] for one in result["projects"] if one["funded"]} == {"", "north"}
    assert counted["north"]["spent"]["amount"] == 8_000
    assert result["lot"] == {"commitment": hashlib.sha256(SEED.encode()).hexdigest(), "seed": SEED}


def test_an_edition_in_which_all_stand_together_has_one_contest_for_programs(published, site):
    program = site("paris")
    assert program.get(API).json["contests"] == []
    assert len(program.get(f"{API}/projects?contest=").json["items"]) == 10
    assert program.get(f"{API}/projects?contest=north").json["items"] == []
    result = program.get(f"{API}/result").json
    assert [one["key"] for one in result["contests"]] == [""]
    assert result["lot"] is None


def test_a_list_of_many_editions_costs_programs_as_many_questions_as_a_list_of_one(
    vote, site, in_city, count_queries
):
    def questions():
        with count_queries() as asked:
            items = site("paris").get("/api/v1/participatory-budget/editions").json["items"]
        assert items[-1]["contests"]
        return len(items), len(asked)

    questions()
    before = questions()
    with in_city("paris"):
        for number in range(3):
            papers.by_district(papers.judged(f"shown-{number}", number=3)).stage = Stage.PUBLISHED
    assert (before[0], questions()) == (1, (4, before[1]))


def test_the_seed_of_the_lots_is_published_with_the_result_and_a_way_to_check_it(vote, finish, reader):
    before = reader.get("/rules/1.json").text
    assert hashlib.sha256(SEED.encode()).hexdigest() in before
    assert SEED not in before + reader.get("/rules").text
    finish()
    page = re.sub("<wbr>", "", reader.get("/results").text)
    assert SEED in page
    assert hashlib.sha256(SEED.encode()).hexdigest() in page
    assert "sha256sum" in page
    with zipfile.ZipFile(io.BytesIO(reader.get("/results/bundle.zip").data)) as bundle:
        written = [
            json.loads(bundle.read(name)) for name in bundle.namelist() if name.endswith("protocol.json")
        ]
    assert {one["lot"]["seed"] for one in written} == {SEED}
