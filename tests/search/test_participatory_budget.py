from modules.participatory_budget.services import editions
from modules.participatory_budget.tests import arranging
from tests.search.conftest import EN


def test_projects_are_found_while_residents_can_see_their_edition(in_city, titles):
    with in_city():
        edition_id = arranging.approval().id
    assert titles("green", **EN) == []
    with in_city():
        editions.show(edition_id)
    assert "Green city 1" in titles("green city", **EN)
    assert "Participatory budget 2026" in titles("participatory", **EN)
    with in_city():
        editions.hide(edition_id)
    assert titles("green", **EN) == []


def test_entering_three_hundred_projects_asks_a_bounded_number_of_questions(in_city, count_queries):
    with in_city():
        edition_id = arranging.approval(per_category=30).id
    with in_city(), count_queries() as asked:
        editions.show(edition_id)
    assert len(asked) < 40
