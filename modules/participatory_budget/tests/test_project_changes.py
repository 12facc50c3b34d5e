"""What the audit log keeps of a project that is changed."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from app.core.audit import AuditEntry
from app.sdk import Conflict, db
from modules.participatory_budget.services import projects

from . import arranging


@pytest.fixture
def changed(in_city):
    """Change the first project of a vote that is open; returns what the audit log says."""

    def act(**values):
        with in_city("paris"):
            edition = arranging.opened(arranging.knapsack())
            texts = replace(projects.texts_of(projects.project(edition, 1)), **values)
            projects.change(edition.id, 1, texts)
        with in_city("paris"):
            entry = select(AuditEntry).where(AuditEntry.action == "participatory_budget.project_changed")
            return db.session.scalars(entry).one().details

    return act


def test_another_title_during_the_vote_leaves_the_old_one_in_the_audit_log(changed):
    assert changed(title={"fr": "Un parking"}) == {
        "number": 1,
        "parts": "title",
        "title_before": "Project 1",
        "title_after": "Un parking",
    }


def test_a_change_of_other_texts_says_which(changed):
    assert changed(summary={"fr": "Plus court."}) == {"number": 1, "parts": "summary"}


def test_another_cost_during_the_vote_is_refused(changed):
    with pytest.raises(Conflict, match="figé"):
        changed(cost=1)
