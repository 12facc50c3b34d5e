"""What the audit log keeps of a project that is changed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core.audit import AuditEntry
from app.sdk import Conflict, db, now
from modules.participatory_budget.services import projects

from . import arranging


@pytest.fixture
def changed(in_city):
    """Change the first project of a ballot that is fixed; returns what the audit log says."""

    def act(opens_in=timedelta(days=1), **values):
        with in_city("paris"):
            arranging.opening_at(arranging.knapsack(), now() + opens_in)
        with in_city("paris"):
            edition = arranging.edition_of()
            texts = replace(projects.texts_of(projects.project(edition, 1)), **values)
            projects.change(edition.id, 1, texts)
        with in_city("paris"):
            entry = select(AuditEntry).where(AuditEntry.action == "participatory_budget.project_changed")
            return db.session.scalars(entry).one().details

    return act


def test_another_title_on_a_fixed_ballot_leaves_the_old_one_in_the_audit_log(changed):
    assert changed(title={"fr": "Un parking"}) == {
        "number": 1,
        "parts": "title",
        "title_before": "Project 1",
        "title_after": "Un parking",
    }


def test_a_change_of_other_texts_says_which(changed):
    assert changed(summary={"fr": "Plus court."}) == {"number": 1, "parts": "summary"}


def test_another_cost_on_a_fixed_ballot_is_refused(changed):
    with pytest.raises(Conflict, match="figé"):
        changed(cost=1)


def test_what_people_read_of_a_project_stays_as_it_is_while_they_vote(changed, in_city):
    with pytest.raises(Conflict):
        changed(opens_in=timedelta(0), title={"fr": "Un parking"})
    with in_city("paris"):
        assert projects.project(arranging.edition_of(), 1).title["fr"] == "Project 1"
