"""Parts of rules as JSON: what is read is what was written, and nonsense is refused by name."""

import json

import pytest

from ..rules.ballots import BallotRule, BallotType
from ..rules.outcomes import Method, Rule
from ..rules.rule_parts import ballot_rule_with, parts_of, rule_with
from ..rules.ties import TieBreak

RULE = Rule(
    budget=10_00,
    method=Method.GREEDY_STOP,
    tie_break=TieBreak.LOT,
    min_share=15,
    max_winners=3,
    exclusive=((2, 7), (4, 5, 6)),
    stop_tolerance=80,
)
BALLOT = BallotRule(BallotType.JUDGEMENT, min_choices=2, grades=("no", "yes"), mark_all=True)


def stored(document: dict[str, object]) -> dict[str, object]:
    found: dict[str, object] = json.loads(json.dumps(document))
    return found


def test_the_parts_without_a_column_make_the_rule_again() -> None:
    columns = Rule(budget=10_00, method=Method.GREEDY_STOP, tie_break=TieBreak.LOT)
    parts = stored(parts_of(RULE))
    assert rule_with(columns, parts) == RULE
    assert "method" not in parts


def test_what_a_contest_has_of_its_own_makes_its_rule_from_the_editions() -> None:
    edition = Rule(budget=10_00, min_votes=50, max_winners=9)
    parts = stored(parts_of(RULE, edition))
    assert rule_with(edition, parts) == RULE
    assert parts["min_votes"] == 1


def test_the_limits_of_a_ballot_are_kept_in_the_same_way() -> None:
    parts = stored(parts_of(BALLOT))
    assert ballot_rule_with(BallotRule(BallotType.JUDGEMENT), parts) == BALLOT


def test_a_rule_like_any_other_has_no_parts() -> None:
    assert (parts_of(Rule(budget=5)), parts_of(BallotRule())) == ({}, {})


def test_settings_of_others_in_the_same_object_are_passed_over() -> None:
    others: dict[str, object] = {"district_by": "home", "withdraw": True, "lot": {"seed": "x"}}
    assert rule_with(Rule(budget=5), others) == Rule(budget=5)
    assert ballot_rule_with(BallotRule(), others) == BallotRule()


@pytest.mark.parametrize(
    ("document", "named"),
    [
        ({"thresholds": 5}, "thresholds"),
        ({"budget": 5}, "budget"),
        ({"min_share": 0}, "min_share"),
        ({"min_share": 1001}, "min_share"),
        ({"min_share": "10"}, "min_share"),
        ({"max_winners": True}, "max_winners"),
        ({"comparison": 1}, "comparison"),
        ({"method": "by-hand"}, "method"),
        ({"exclusive": [[1]]}, "exclusive"),
        ({"exclusive": [[1, 1]]}, "exclusive"),
        ({"exclusive": 7}, "exclusive"),
        ({"envelopes": {"parks": -1}}, "envelopes"),
        ({"stop_tolerance": 101}, "stop_tolerance"),
    ],
)
def test_nonsense_in_a_count_is_refused_by_name(document: dict[str, object], named: str) -> None:
    with pytest.raises(ValueError, match=f"^{named}: "):
        rule_with(Rule(budget=5), document)


@pytest.mark.parametrize(
    ("document", "named"),
    [
        ({"type": "points"}, "type"),
        ({"grades": ["good"]}, "grades"),
        ({"grades": ["good", "good"]}, "grades"),
        ({"grades": ["good", 3]}, "grades"),
        ({"points": 5, "max_points": 6}, "max_points"),
        ({"max_points": 0}, "max_points"),
        ({"max_choices": 2, "min_choices": 3}, "min_choices"),
        ({"mark_all": None}, "mark_all"),
    ],
)
def test_nonsense_on_a_ballot_is_refused_by_name(document: dict[str, object], named: str) -> None:
    with pytest.raises(ValueError, match=f"^{named}: "):
        ballot_rule_with(BallotRule(), document)
