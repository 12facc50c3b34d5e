from devstack.demo import content, past_votes
from modules.participatory_budget.rules.phases import Stage
from modules.participatory_budget.services import counting, editions, frozen, results
from modules.participatory_budget.tests import arranging


def test_the_vote_by_grades_that_is_over_is_counted_and_can_be_published(in_city, run_tasks):
    with in_city("paris"):
        past_votes.load("paris")
    run_tasks()
    with in_city("paris"):
        edition = arranging.edition_of(content.past_vote("paris")["key"])
        assert edition.stage is Stage.COUNTED
        assert counting.finished(edition).total == content.past_vote("paris")["voters"]
        assert frozen.is_as_frozen(edition)
        arranging.published(edition)
        [part] = results.published(edition).parts
        grades = {part.scale.majority_grade(row.outcome) for row in part.rows}
        assert len(grades) >= 3, "a mayor sees good and bad grades"
        assert 0 < part.funded < len(part.rows)
        assert edition in editions.public_editions()
