"""No ballot that says nothing is ever stored, whichever way it comes."""

import io

import pytest

from app.sdk import Invalid
from modules.participatory_budget.rules.ballots import BallotRule, BallotType, Option, ProblemCode
from modules.participatory_budget.rules.checks import check_ballot
from modules.participatory_budget.rules.contests import ContestsBy
from modules.participatory_budget.services import importing

FILE = """META
key;value
description;Elsewhere
country;France
unit;Paris
instance;2025
num_projects;2
num_votes;2
budget;100
vote_type;approval
rule;greedy
PROJECTS
project_id;cost
1;60
2;50
VOTES
voter_id;vote
1;1
2;
"""


@pytest.mark.parametrize("kind", BallotType)
@pytest.mark.parametrize("least", [0, 1, 3])
@pytest.mark.parametrize("by", ContestsBy)
def test_a_ballot_that_names_nothing_is_never_in_order(kind, least, by):
    rules = {"": BallotRule(kind, min_choices=least, max_choices=3, grades=("no", "yes"))}
    paper = {1: Option(1, 10, "", ""), 2: Option(2, 10, "", "")}
    assert ProblemCode.EMPTY in {problem.code for problem in check_ballot({}, paper, rules, by)}


def test_a_file_with_an_empty_ballot_is_not_imported(in_city):
    with in_city("paris"), pytest.raises(Invalid, match=r"19.*2"):
        importing.import_pb(io.BytesIO(FILE.encode()), importing.ImportTexts("2025"))
