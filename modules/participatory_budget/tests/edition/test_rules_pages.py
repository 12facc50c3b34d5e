"""Ballot and counting rule as staff choose them: every type, every rule that fits, the rest explained."""

import pytest

from modules.participatory_budget.rules.ballots import BallotType
from modules.participatory_budget.rules.outcomes import Method
from modules.participatory_budget.services.rules_of import ballot_rule, count_rule

from .. import arranging
from ..clerk import Clerk, value_of, words

MONEY = {
    "budget": "1000",
    "sharing": "together",
    "method": "greedy-skip",
    "completion": "add1u",
    "tie_break": "cheaper-first",
    "min_votes": "1",
}


@pytest.fixture
def clerk(site, frozen):
    frozen("2026-11-22T10:00")
    found = Clerk(site)
    found.create()
    return found


@pytest.fixture
def rules(in_city):
    def read():
        with in_city("paris"):
            edition = arranging.edition_of()
            return ballot_rule(edition), count_rule(edition)

    return read


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({"kind": "each", "choices": "3", "in_all": "10", "least": "2"},
         {"max_per_category": 3, "max_choices": 10, "min_choices": 2}),
        ({"kind": "points", "points": "10", "most_points": "5", "least": "3"},
         {"type": BallotType.POINTS, "points": 10, "max_points": 5, "min_choices": 3}),
        ({"kind": "ranked", "choices": "3"}, {"type": BallotType.RANKED, "max_choices": 3}),
        ({"kind": "grades", "scale": "paris", "mark_all": "1"},
         {"grades": ("not-convinced", "why-not", "like", "love"), "mark_all": True}),
        ({"kind": "grades", "scale": "own", "own_grades": "Oui\nBof\nNon"}, {"grades": ("Non", "Bof", "Oui")}),
    ],
)  # fmt: skip
def test_each_type_of_ballot_keeps_its_limits_and_shows_them_again(clerk, rules, typed, expected):
    clerk.save("/ballot", typed)
    found = rules()[0]
    assert {name: getattr(found, name) for name in expected} == expected
    page = clerk.get("/ballot")
    assert f'value="{typed["kind"]}" checked' in page.text
    for name in ("choices", "in_all", "least", "points", "most_points"):
        if name in typed:
            assert value_of(page, name) == typed[name]
    assert typed.get("own_grades", "") in page.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"kind": "points"}, "Write how many points one voter has."),
        ({"kind": "points", "points": "5", "most_points": "6"}, "That is more than a voter has."),
        ({"kind": "all", "choices": "2", "least": "3"}, "That is more than one voter can choose."),
        ({"kind": "ranked"}, "Write how many projects one voter can choose."),
        ({"kind": "grades", "scale": "own", "own_grades": "Oui\nOui"}, "Write 2 to 10 different grades"),
        ({"kind": "points", "points": "70000"}, "The rule contradicts itself (points:"),
    ],
)
def test_a_ballot_that_contradicts_itself_is_refused_as_typed(clerk, rules, typed, said):
    before = rules()
    answer = clerk.post("/ballot", typed)
    assert answer.status_code == 422
    assert said in words(answer)
    assert rules() == before


def test_only_counting_rules_that_fit_the_ballot_are_offered_and_the_others_explained(clerk, rules):
    clerk.save("/ballot", {"kind": "grades", "scale": "paris"})
    assert "The counting rule did not fit the new ballot." in clerk.words()
    assert rules()[1].method is Method.MAJORITY_JUDGEMENT
    page = clerk.get("/money")
    assert 'value="greedy-skip"' not in page.text
    assert "grades cannot be added up" in words(page)
    assert clerk.post("/money", MONEY).status_code == 422
    clerk.save("/ballot", {"kind": "all", "choices": "3"})
    assert rules()[1].method is Method.GREEDY_SKIP
    assert "needs a ballot with grades" in clerk.words("/money")


def test_thresholds_groups_and_the_rest_are_kept_and_shown_again(clerk, rules):
    more = {"min_share": "2.5", "max_winners": "7", "exclusive": "3, 7\n1;2;2", "min_votes": "50"}
    clerk.save("/money", {**MONEY, **more, "method": "greedy-stop", "stop_tolerance": "80"})
    rule = rules()[1]
    assert (rule.min_share, rule.max_winners, rule.stop_tolerance, rule.min_votes) == (25, 7, 80, 50)
    assert rule.exclusive == ((1, 2), (3, 7))
    page = clerk.get("/money")
    assert value_of(page, "min_share") == "2.5"
    assert "3, 7\n1, 2" in page.text
    clerk.save("/money", {**MONEY, "method": "equal-shares", "comparison": "1", "stop_tolerance": "80"})
    assert rules()[1].comparison
    assert rules()[1].stop_tolerance is None


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("min_share", "much", "Write a share in per cent, for example 2.5."),
        ("min_share", "101", "Write a share from 0.1 to 100."),
        ("min_share", "2.55", "Write a share from 0.1 to 100."),
        ("exclusive", "3", "Write at least two numbers of projects on each line"),
        ("exclusive", "3, x", "Write at least two numbers of projects on each line"),
        ("stop_tolerance", "101", "Write a number from 1 to 100."),
        ("lot_seed", "short", "A secret seed has at least 16 characters."),
        ("exclusive", "1, 99999999", "The rule contradicts itself (exclusive:"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_as_typed(clerk, name, typed, said):
    answer = clerk.post("/money", {**MONEY, "tie_break": "lot", name: typed})
    assert answer.status_code == 422
    assert said in words(answer)
    assert typed in answer.text


def test_a_seed_of_lots_is_kept_and_not_shown_again(clerk, in_city):
    clerk.save("/money", {**MONEY, "tie_break": "lot", "lot_seed": "four dice: 6 2 2 5"})
    assert "four dice" not in clerk.get("/money").text
    clerk.save("/money", {**MONEY, "tie_break": "lot"})
    with in_city("paris"):
        assert arranging.edition_of().lot_seed == "four dice: 6 2 2 5"
    clerk.save("/money", MONEY)
    with in_city("paris"):
        assert arranging.edition_of().lot_seed is None
