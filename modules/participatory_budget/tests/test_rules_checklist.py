"""What must be complete before a vote can be opened."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ..rules.ballots import BallotRule, BallotType, Option
from ..rules.checklist import Check, Setup, Task, may_open, opening_checklist
from ..rules.phases import Window

NOW = datetime(2026, 8, 1, tzinfo=UTC)
WINDOW = Window(datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC))
COMPLETE = Setup(
    rule=BallotRule(max_per_category=3),
    options=(Option(1, 100, "green"), Option(2, 200, "roads")),
    budget=300,
    envelopes={"green": 100, "roads": 200},
    window=WINDOW,
)


def check(task, **changes):
    checks = opening_checklist(replace(COMPLETE, **changes), NOW)
    return next(check for check in checks if check.task is task)


def test_a_complete_edition_can_be_opened():
    assert may_open(COMPLETE, NOW)
    asked = [check.task for check in opening_checklist(COMPLETE, NOW)]
    assert asked == [task for task in Task if task is not Task.CONTESTS]
    by_district = replace(COMPLETE, envelopes={}, contests={"": 200})
    assert [check.task for check in opening_checklist(by_district, NOW)] == list(Task)


def test_districts_that_vote_apart_need_money_where_they_have_projects():
    options = (Option(1, 100, district="north"), Option(2, 150, district=""), Option(3, 10, district="south"))
    contests = {"north": 90, "": 150}
    changes = {"envelopes": {}, "options": options, "contests": contests}
    assert check(Task.CONTESTS, **changes).names == ("south",)
    assert check(Task.COSTS, **changes).projects == (1,)
    assert check(Task.MONEY, **changes).done
    assert not check(Task.MONEY, **changes, budget=239).done
    assert not check(Task.MONEY, **{**changes, "contests": {}}).done


def test_a_new_edition_shows_what_is_still_to_do():
    undone = [check.task for check in opening_checklist(Setup(), NOW) if not check.done]
    assert undone == [Task.MONEY, Task.PROJECTS, Task.DATES]


@pytest.mark.parametrize(
    ("task", "changes"),
    [
        (Task.MONEY, {"budget": 0, "envelopes": {}}),
        (Task.MONEY, {"budget": 299}),
        (Task.MONEY, {"envelopes": {"green": 100, "roads": 200, "water": 0}, "budget": 400}),
        (Task.PROJECTS, {"options": (Option(1, 100, "green"),)}),
        (Task.PROJECTS, {"options": (Option(1, 100, "green"), Option(1, 200, "roads"))}),
        (Task.PROJECTS, {"options": (Option(1, 100, "green"), Option(65_536, 200, "roads"))}),
        (Task.BALLOT, {"rule": BallotRule(BallotType.KNAPSACK)}),
        (Task.BALLOT, {"rule": BallotRule(max_choices=0)}),
        (Task.BALLOT, {"rule": BallotRule(min_choices=3, max_choices=2)}),
        (Task.DATES, {"window": None}),
        (Task.DATES, {"window": Window(WINDOW.closes_at, WINDOW.opens_at)}),
        (Task.DATES, {"window": Window(datetime(2026, 7, 1, tzinfo=UTC), NOW)}),
    ],
)
def test_an_incomplete_part_keeps_the_vote_from_opening(task, changes):
    assert check(task, **changes) == Check(task, done=False)
    assert not may_open(replace(COMPLETE, **changes), NOW)


def test_texts_missing_in_the_first_language_are_named():
    assert check(Task.TEXTS, texts_missing=("title",)) == Check(Task.TEXTS, done=False, names=("title",))


def test_projects_that_cost_nothing_or_more_than_their_envelope_are_named():
    options = (Option(1, 0, "green"), Option(2, 200, "roads"), Option(3, 101, "green"))
    assert check(Task.COSTS, options=options).projects == (1, 3)


def test_without_envelopes_a_project_may_cost_the_whole_budget_and_no_more():
    options = (Option(1, 300), Option(2, 301))
    assert check(Task.COSTS, options=options, envelopes={}).projects == (2,)


def test_categories_on_the_paper_that_have_no_money_are_named():
    options = (*COMPLETE.options, Option(3, 50, "water"))
    assert check(Task.CATEGORIES, options=options).names == ("water",)
    assert check(Task.CATEGORIES, options=options, envelopes={}).done
