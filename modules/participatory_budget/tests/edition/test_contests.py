"""A vote by district: a table of money, limits and what becomes of the rest."""

import pytest

from modules.participatory_budget.rules.contests import ContestsBy
from modules.participatory_budget.services.rules_of import ballot_rule, count_rule
from modules.participatory_budget.services.taking_part import DistrictBy, district_by

from .. import arranging
from ..clerk import Clerk, value_of, words

TABLE = {
    "by": "district",
    "district_by": "attribute",
    "money_0": "300",
    "max_choices_0": "5",
    "transfer_0": "*",
    "money_1": "200",
    "transfer_1": "*",
    "money_2": "500",
    "min_choices_2": "1",
    "transfer_2": "-",
}


@pytest.fixture
def clerk(site, frozen):
    frozen("2026-11-22T10:00")
    found = Clerk(site)
    found.create()
    found.save("/districts", {"added": "Nord\nSud"})
    return found


def test_districts_and_the_whole_city_get_money_limits_and_a_way_for_the_rest(clerk, edition):
    clerk.save("/contests", TABLE)
    found = edition(lambda one: [(c.key, c.budget, c.transfer_to) for c in one.contests])
    assert found == [("nord", 30_000, ""), ("sud", 20_000, ""), ("", 50_000, None)]
    assert edition(lambda one: ballot_rule(one, "nord").max_choices) == 5
    assert edition(lambda one: ballot_rule(one, "sud").max_choices) == 2
    assert edition(lambda one: count_rule(one, "sud").budget) == 20_000
    assert edition(district_by) is DistrictBy.ATTRIBUTE
    page = clerk.get("/contests")
    assert value_of(page, "money_0") == "300"
    assert '<option selected value="*">Whole city</option>' in page.text
    clerk.save("/contests", {**TABLE, "by": "one"})
    assert edition(lambda one: (one.contests_by, len(one.contests))) == (ContestsBy.ONE, 0)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"money_0": "301"}, "The districts and the whole city have €1 more than there is in all."),
        ({"transfer_0": "sud", "transfer_1": "nord"}, "Money that is left would go round in a circle."),
        ({"transfer_2": "nord"}, "Money that is left would go round in a circle."),
        ({"money_2": "", "min_choices_2": ""}, "What Nord leaves can only go where there is money."),
        ({"money_0": ""}, "Write how much money Nord has."),
        ({"money_0": "0"}, "Write an amount above zero."),
        ({"transfer_0": "est"}, "Not a valid choice."),
        ({"min_choices_0": "6"}, "Nord: the limits contradict one another"),
        ({"money_0": "", "money_1": "", "money_2": "", "max_choices_0": "", "min_choices_2": "",
          "transfer_0": "-", "transfer_1": "-"}, "Say how much money at least one district"),
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_counted_is_refused_as_typed(clerk, edition, change, said):
    answer = clerk.post("/contests", {**TABLE, **change})
    assert answer.status_code == 422
    assert said in words(answer)
    assert value_of(answer, "money_1") == {**TABLE, **change}["money_1"] or not change.get("money_1", "x")
    assert edition(lambda one: one.contests_by) is ContestsBy.ONE


def test_money_of_categories_and_of_districts_do_not_go_together(clerk):
    clerk.save("/categories", {"name-fr": "Vert", "envelope": "100"})
    answer = clerk.post("/contests", TABLE)
    assert answer.status_code == 409
    assert "Categories have money of their own." in words(answer)


def test_the_checklist_names_districts_with_projects_and_no_money(clerk):
    clerk.save("/contests", {**TABLE, "money_1": "", "transfer_1": "-"})
    clerk.add("Banc", "100", district="sud")
    clerk.add("Place", "400", district="nord")
    said = clerk.words()
    assert "There are projects and no money for: Sud" in said
    assert "Costs nothing, or more than there is for it: no. 2 Place" in said


def test_a_district_that_is_removed_takes_its_contest_along(clerk, edition, in_city):
    clerk.save("/contests", {**TABLE, "transfer_1": "nord"})
    with in_city("paris"):
        gone = f"name_{arranging.edition_of().districts[0].id.hex}"
    clerk.save("/districts", {gone: ""})
    assert edition(lambda one: [(c.key, c.transfer_to) for c in one.contests]) == [("sud", None), ("", None)]


def test_a_fixed_ballot_shows_its_contests_and_refuses_changes(clerk):
    clerk.save("/contests", TABLE)
    clerk.save("/texts", {"title-fr": "Budget", "summary-fr": "Vous décidez."})
    clerk.add("Banc", "100", district="sud")
    clerk.add("Place", "100")
    clerk.save("/dates", {"closes_day": "2026-12-10", "closes_time": "18:00"})
    clerk.take("open")
    assert "Save" not in clerk.words("/contests")
    assert "€300" in clerk.words("/contests")
    assert clerk.post("/contests", TABLE).status_code == 409
