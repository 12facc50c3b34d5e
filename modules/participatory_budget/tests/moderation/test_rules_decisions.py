"""What moderators may decide."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from modules.participatory_budget.rules.ideas.states import CommentState, IdeaState
from modules.participatory_budget.rules.moderation.decisions import (
    Decision,
    decisions_on,
    decisions_on_comment,
    may_appeal,
    may_judge,
)

AT = datetime(2026, 3, 1, tzinfo=UTC)


def test_a_new_idea_can_be_published_asked_about_merged_refused_and_escalated():
    assert decisions_on(IdeaState.WAITING) == (
        Decision.PUBLISH,
        Decision.ASK,
        Decision.MERGE,
        Decision.REFUSE,
        Decision.ESCALATE,
    )


@pytest.mark.parametrize("state", [IdeaState.DRAFT, IdeaState.MERGED, IdeaState.WITHDRAWN, IdeaState.REFUSED])
def test_nothing_is_decided_about_what_is_not_before_staff(state):
    assert decisions_on(state) == ()


def test_a_refusal_is_looked_at_again_only_after_an_appeal():
    assert decisions_on(IdeaState.REFUSED, appealed=True) == (Decision.PUBLISH, Decision.DISMISS)
    assert Decision.DISMISS not in decisions_on(IdeaState.PUBLISHED, appealed=True)


def test_a_comment_can_be_hidden_and_shown_again():
    assert Decision.HIDE in decisions_on_comment(CommentState.VISIBLE)
    assert decisions_on_comment(CommentState.HIDDEN) == (Decision.PUBLISH,)
    assert decisions_on_comment(CommentState.REMOVED) == ()


def test_an_appeal_is_made_once_and_in_time():
    assert may_appeal(decided_at=AT, days=14, appealed=False, at=AT + timedelta(days=13, hours=23))
    assert not may_appeal(decided_at=AT, days=14, appealed=False, at=AT + timedelta(days=14))
    assert not may_appeal(decided_at=AT, days=14, appealed=True, at=AT)
    assert not may_appeal(decided_at=AT, days=0, appealed=False, at=AT)


def test_nobody_judges_an_appeal_against_herself():
    anna, bela = uuid4(), uuid4()
    assert not may_judge(anna, anna)
    assert may_judge(bela, anna)
    assert may_judge(anna, None)
