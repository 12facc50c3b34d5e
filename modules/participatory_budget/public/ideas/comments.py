"""Saying something to an idea, correcting it, taking it back, reporting what should not be there."""

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.sdk import Account, Conflict, Invalid, _, db, given, render

from ...forms.ideas import CommentForm, ReportForm
from ...models import Edition, Idea, IdeaComment
from ...rules.ideas.states import CommentState, ReportReason
from ...services.ideas import commenting, reporting
from ...services.ideas.seeing import by_number
from ..blueprint import bp
from .guard import not_too_often, sending, stamp
from .pages import edition_with_ideas, idea_page
from .signed_in import signed_in

ONE = "/<slug>/ideas/<int:number>"


@bp.post(f"{ONE}/comments")
@signed_in(".idea")
def comment(account: Account, slug: str, number: int) -> ResponseReturnValue:
    """Say something to an idea, or answer a comment."""
    edition = edition_with_ideas(slug)
    idea, form = by_number(edition, number), CommentForm()
    if not form.sent():
        return idea_page(edition, idea, comment=form), form.status
    not_too_often("comment", account)
    try:
        made = commenting.write(
            edition,
            idea.id,
            account,
            given(form.text),
            answers=_ident(form.answers.data),
            sending=sending(f"comment {idea.id}"),
        )
    except Invalid as error:
        form.refuse(form.text, error)
        return idea_page(edition, idea, comment=form), 422
    except Conflict as error:
        db.session.rollback()
        edition = edition_with_ideas(slug)
        return idea_page(edition, by_number(edition, number), comment=form, problem=str(error)), 409
    return _back(edition, idea, made)


@bp.route(f"{ONE}/comments/<uuid:comment_id>", methods=["GET", "POST"])
@signed_in(".change_comment")
def change_comment(account: Account, slug: str, number: int, comment_id: UUID) -> ResponseReturnValue:
    """Correct a comment within a quarter of an hour."""
    edition = edition_with_ideas(slug)
    idea = by_number(edition, number)
    found = commenting.own_on_idea(idea, comment_id)
    form = CommentForm(data={"text": found.text})
    sent, problem = form.sent(), ""
    status = form.status
    if sent:
        try:
            made = commenting.change(comment_id, account, given(form.text), sending(f"comment {idea.id}"))
            return _back(edition, idea, made)
        except (Invalid, Conflict) as error:
            problem, status = str(error), error.status
    page = render(
        "participatory_budget/public/ideas/comment.html",
        edition=edition,
        idea=idea,
        comment=found,
        form=form,
        problem=problem,
        stamp=stamp(f"comment {idea.id}"),
    )
    return page, status


@bp.post(f"{ONE}/comments/<uuid:comment_id>/remove")
@signed_in(".idea")
def remove_comment(account: Account, slug: str, number: int, comment_id: UUID) -> ResponseReturnValue:
    """Take a comment back."""
    edition = edition_with_ideas(slug)
    idea = by_number(edition, number)
    commenting.own_on_idea(idea, comment_id)
    commenting.remove(comment_id, account)
    flash(_("Your comment is gone. Answers to it stay."), "ok")
    return redirect(f"{_page(edition, idea)}#comments", 303)


@bp.route(f"{ONE}/report", methods=["GET", "POST"])
@bp.route(f"{ONE}/comments/<uuid:comment_id>/report", methods=["GET", "POST"])
@signed_in(".report")
def report(account: Account, slug: str, number: int, comment_id: UUID | None = None) -> ResponseReturnValue:
    """Tell the city that an idea or a comment should not be shown."""
    edition = edition_with_ideas(slug)
    idea = by_number(edition, number)
    found = commenting.on_idea(idea, comment_id) if comment_id is not None else None
    form = ReportForm().offer()
    if form.sent():
        not_too_often("report", account)
        reporting.report(
            idea, account, ReportReason(form.reason.data), form.note.data or "", comment_id=comment_id
        )
        flash(_("The city looks at it. Thank you."), "ok")
        return redirect(_page(edition, idea), 303)
    page = render(
        "participatory_budget/public/ideas/report.html", edition=edition, idea=idea, comment=found, form=form
    )
    return page, form.status


def _back(edition: Edition, idea: Idea, made: IdeaComment) -> ResponseReturnValue:
    if made.state is CommentState.WAITING:
        flash(_("Your comment is kept. Somebody of the city reads it before it is shown."), "info")
    else:
        flash(_("Your comment is shown."), "ok")
    return redirect(f"{_page(edition, idea)}#comment-{made.id}", 303)


def _page(edition: Edition, idea: Idea) -> str:
    return url_for(".idea", slug=edition.slug, number=idea.number)


def _ident(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
