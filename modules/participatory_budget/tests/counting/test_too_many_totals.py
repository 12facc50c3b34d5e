"""A best choice that cannot be found exactly ends the count, and staff read why."""

from modules.participatory_budget.models import CountState, Failure
from modules.participatory_budget.rules.counting import optimum
from modules.participatory_budget.rules.outcomes import Method
from modules.participatory_budget.services import counting

from .. import arranging
from ..clerk import Clerk


def test_a_vote_with_too_many_totals_is_not_decided_and_says_that_counting_again_is_in_vain(
    cast, in_city, run_tasks, site, monkeypatch
):
    monkeypatch.setattr(optimum, "MOST_TOTALS", 0)
    clerk = Clerk(site)
    with in_city("paris"):
        edition = arranging.approval()
        edition.method = Method.OPTIMUM
        arranging.opened(edition)
        clerk.home += f"/{edition.id}"
    cast()
    with in_city("paris"):
        arranging.closed(arranging.edition_of())
    run_tasks()
    with in_city("paris"):
        count = counting.latest(arranging.edition_of())
        assert (count.state, count.failure) == (CountState.FAILED, Failure.TOO_MANY_TOTALS)
    page = clerk.words()
    assert "too many ways to choose among these projects" in page
    assert "if it fails once more" not in page
