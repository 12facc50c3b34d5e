"""The files of a published result carry what decided it: votes, points, or how many gave each grade."""

import csv
import io
import json

import pytest

from modules.participatory_budget.rules.outcomes import Method
from modules.participatory_budget.tests.ballots import papers

from .test_scales import JUDGED

API = "/api/v1/participatory-budget/editions/2026/result"
POINTS = [({1: 6, 2: 4}, ""), ({2: 6, 3: 1}, ""), ({3: 1}, "")]


@pytest.fixture
def files(site):
    """Read each file of the result by the numbers of the projects."""

    def read(reader):
        csvs = {
            name: {int(row["number"]): row for row in rows_of(reader.get(path))}
            for name, path in (("table", "/results/results.csv"), ("open", "/open-data/results.csv"))
        }
        records = json.loads(reader.get("/open-data/results.json").text)["records"]
        told = site("paris").get(API).json["projects"]
        return {
            **csvs,
            "json": {record["number"]: record for record in records},
            "api": {one["number"]: one for one in told},
        }

    return read


def rows_of(answer):
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


def described(reader):
    schema = json.loads(reader.get("/open-data/schema.json").text)
    [result] = [one for one in schema["resources"] if one["name"] == "results"]
    return {field["name"]: (field["type"], field["description"]) for field in result["schema"]["fields"]}


def test_votes_have_neither_points_nor_grades(published, reader, files):
    found = files(reader)
    assert (found["table"][3]["votes"], found["open"][3]["votes"], found["json"][3]["votes"]) == ("3", "3", 3)
    assert not {"points", "majority_grade", "no_grade"} & found["json"][3].keys()
    assert found["json"][3].keys() == found["open"][3].keys() == described(reader).keys()
    assert (found["api"][3]["points"], found["api"][3]["majority_grade"], found["api"][3]["grades"]) == (
        None,
        None,
        [],
    )


@pytest.mark.parametrize(
    ("paper", "ballots", "points", "votes"),
    [
        (papers.points, POINTS, {1: 6, 2: 10, 3: 2, 4: 0}, {1: 1, 2: 2, 3: 2, 4: 0}),
        (papers.ranked, [({1: 1, 2: 2}, ""), ({2: 1}, "")], {1: 3, 2: 5, 3: 0}, {1: 1, 2: 2, 3: 0}),
    ],
)
def test_points_and_ranks_are_told_in_points_beside_the_ballots(
    decided, files, paper, ballots, points, votes
):
    reader = decided(paper, ballots)
    found = files(reader)
    for number, wanted in points.items():
        assert found["table"][number]["points"] == found["open"][number]["points"] == str(wanted)
        assert found["json"][number]["points"] == found["api"][number]["points"] == wanted
        assert found["table"][number]["votes"] == found["open"][number]["votes"] == str(votes[number])
    assert described(reader)["points"] == ("integer", "Points in all; they decide the order")
    assert "majority_grade" not in found["json"][1]


def test_judged_projects_have_the_ballots_of_each_grade_and_the_one_in_the_middle(decided, files):
    reader = decided(papers.judged, JUDGED)
    found = files(reader)
    wanted = {
        "majority_grade": "like",
        "grade_1_not_convinced": 1,
        "grade_2_why_not": 0,
        "grade_3_like": 1,
        "grade_4_love": 2,
        "no_grade": 0,
    }
    # Of the second project one gave the lowest grade, and one gave none.
    second = {"majority_grade": "not-convinced", "grade_1_not_convinced": 2, "no_grade": 1}
    for number, columns in ((1, wanted), (2, second)):
        for name, value in columns.items():
            assert found["table"][number][name] == found["open"][number][name] == str(value)
            assert found["json"][number][name] == value
    # The table is in the reader's language, open data in the city's first.
    assert found["table"][1]["majority_grade_name"] == "I like it"
    assert found["json"][1]["majority_grade_name"] == "J’aime"
    assert found["api"][1]["majority_grade"] == "like"
    assert [(one["grade"], one["ballots"]) for one in found["api"][1]["grades"]] == [
        ("not-convinced", 1),
        ("why-not", 0),
        ("like", 1),
        ("love", 2),
    ]
    about = described(reader)
    assert list(about) == list(found["json"][1])
    assert about["grade_3_like"] == ("integer", "Ballots that gave “I like it”, grade 3 of 4")
    page = reader.get("/open-data").text
    assert "<code>grade_4_love</code>" in page


def test_each_contest_counts_its_own_voters_and_may_have_grades_of_its_own(decided, files):
    def paper():
        edition = papers.by_district(papers.judged(number=3))
        [south] = [one for one in edition.contests if one.key == "south"]
        south.balloting = {"grades": ["reject", "good"]}
        return edition

    ballots = [({1: 4, 4: 4}, "north"), ({4: 3}, "north"), ({1: 2, 7: 2}, "south")]
    reader = decided(paper, ballots)
    found = files(reader)
    first, north, south = (found["json"][number] for number in (1, 4, 7))
    assert (first["contest"], north["contest"], south["contest"]) == ("", "north", "south")
    assert (north["grade_4_love"], north["grade_3_like"], north["grade_1_reject"]) == (1, 1, None)
    assert (south["grade_2_good"], south["grade_1_reject"], south["grade_4_love"]) == (1, 0, None)
    assert (south["majority_grade"], north["majority_grade"]) == ("good", "like")
    [alone] = [
        row for row in rows_of(reader.get("/results/results.csv?contest=south")) if row["number"] == "7"
    ]
    assert (alone["contest"], alone["grade_2_good"], alone["grade_4_love"]) == ("south", "1", "")


def test_with_equal_shares_the_most_that_one_voter_paid_is_not_what_was_missing(decided, files):
    def shares():
        edition = papers.points()
        edition.method = Method.EQUAL_SHARES
        return edition

    found = files(decided(shares, [({1: 6}, ""), ({1: 6}, ""), ({5: 6}, "")]))
    assert (found["table"][1]["paid_by_one_voter"], found["table"][1]["missing"]) == ("10", "")
    assert found["json"][1]["paid_by_one_voter"] == 10
    assert (found["json"][5]["paid_by_one_voter"], found["table"][5]["paid_by_one_voter"]) == (None, "")


def test_nothing_of_it_is_there_before_the_publication(decided, site):
    reader = decided(papers.judged, JUDGED, publish=False)
    for path in ("/results/results.csv", "/open-data/results.csv", "/open-data/results.json"):
        assert reader.get(path).status_code == 404
    assert site("paris").get(API).status_code == 404
    schema = reader.get("/open-data/schema.json").text
    assert '"turnout"' in schema
    assert "grade_" not in schema + reader.get("/open-data").text
