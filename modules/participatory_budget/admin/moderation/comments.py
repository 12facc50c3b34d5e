"""The page of a comment for moderators."""

from uuid import UUID

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from app.sdk import ServiceError, _, look_away, looking_at, render, requires

from ...forms.moderation import DecisionForm, labels
from ...models import Edition, Idea, IdeaComment
from ...rules.ideas.states import CommentState
from ...rules.moderation.decisions import Decision, decisions_on_comment
from ...services import editions
from ...services.moderation import comments
from ...services.moderation.noticing import noticed
from ...services.moderation.queue import Shelf, looking_subject
from ..blueprint import bp
from ..hub import drop_changes
from .queue import next_after
from .wording import hint_words, report_names


@bp.route("/<uuid:edition_id>/moderation/comments/<uuid:comment_id>", methods=["GET", "POST"])
@requires("participatory_budget.moderate")
def moderate_comment(edition_id: UUID, comment_id: UUID) -> ResponseReturnValue:
    """Show a comment with its reports; hide it, or leave it shown."""
    edition = editions.by_id(edition_id)
    comment, idea = comments.comment_of(edition, comment_id)
    reports = comments.reports_of(idea, comment)
    possible = [one for one in decisions_on_comment(comment.state) if one is not Decision.KEEP or reports]
    form = DecisionForm.on(edition, possible)
    if not form.sent():
        return _page(edition, comment, idea, form), form.status
    shelf = Shelf.NEW if comment.state is CommentState.WAITING else Shelf.REPORTED
    try:
        ruling = form.ruling(edition)
        if ruling.decision is Decision.NOTE:
            form.decision.errors = [_("Choose a decision.")]
            return _page(edition, comment, idea, form), 422
        comments.decide(edition, comment_id, ruling)
    except ServiceError as error:
        status = drop_changes(error)
        edition = editions.by_id(edition_id)
        comment, idea = comments.comment_of(edition, comment_id)
        return _page(edition, comment, idea, form, problem=str(error)), status
    look_away(looking_subject(comment_id))
    flash(_("The comment: %(decision)s.", decision=labels()[ruling.decision]), "ok")
    return redirect(next_after(edition, shelf), 303)


def _page(
    edition: Edition, comment: IdeaComment, idea: Idea, form: DecisionForm, *, problem: str = ""
) -> str:
    return render(
        "participatory_budget/admin/moderation/comment.html",
        edition=edition,
        comment=comment,
        idea=idea,
        form=form,
        problem=problem,
        looker=looking_at(looking_subject(comment.id)),
        hints=hint_words(noticed([], [comment])[comment.id]),
        reports=comments.reports_of(idea, comment),
        report_names=report_names(),
    )
