"""Nobody can give projects each other's names between the count and the signatures."""

import pytest

from app.sdk import Conflict, db
from modules.participatory_budget.models import Project
from modules.participatory_budget.services import certifying, counting

from . import arranging


def test_names_that_are_swapped_after_the_count_need_a_new_count(in_city, run_tasks):
    with in_city("paris"):
        arranging.closed(arranging.opened(arranging.approval()))
    run_tasks()
    with in_city("paris"):
        edition = arranging.edition_of()
        count = counting.finished(edition)
        assert counting.is_current(edition, count)
        one, other = db.session.query(Project).order_by(Project.number).limit(2)
        one.title, other.title = dict(other.title), dict(one.title)
        signer = certifying.Signer(edition.id, "Somebody")
        with pytest.raises(Conflict):
            certifying.certify(edition.id, signer, certifying.digest_of(count))
        counting.start_again(edition.id)
    run_tasks()
    with in_city("paris"):
        edition = arranging.edition_of()
        assert counting.is_current(edition, counting.finished(edition))
