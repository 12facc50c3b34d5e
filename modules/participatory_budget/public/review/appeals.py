"""An author appeals, once and in time."""

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.sdk import Account, NotFound, ServiceError, _, db, render

from ...forms.moderation import AppealForm
from ...models import Edition, Idea
from ...rules.ideas.states import IdeaState
from ...services.feasibility import standing, verdicts
from ...services.ideas.seeing import by_number, is_author
from ...services.moderation import appeals
from ..blueprint import bp
from ..ideas.pages import edition_with_ideas
from ..ideas.signed_in import kept_words, signed_in


@bp.route("/<slug>/ideas/<int:number>/appeal", methods=["GET", "POST"])
@signed_in(".appeal")
def appeal(account: Account, slug: str, number: int) -> ResponseReturnValue:
    """Say why a decision about an own idea is wrong."""
    edition = edition_with_ideas(slug)
    idea = _own(edition, number, account.id)
    form = AppealForm(data=kept_words())
    if not form.sent():
        return _page(edition, idea, form), form.status
    try:
        if idea.state is IdeaState.REFUSED:
            appeals.appeal_refusal(edition, idea, account, form.text.data)
        else:
            verdicts.appeal(edition, idea, account, form.text.data)
    except ServiceError as error:
        db.session.rollback()
        edition = edition_with_ideas(slug)
        return _page(edition, _own(edition, number, account.id), form, problem=str(error)), error.status
    flash(_("Your appeal is filed. Somebody else in the town hall looks at it."), "ok")
    return redirect(url_for(".idea", slug=slug, number=number), 303)


def _own(edition: Edition, number: int, account_id: UUID) -> Idea:
    idea = by_number(edition, number)
    if not is_author(idea, account_id):
        raise NotFound(_("There is no such idea."))
    return idea


def _page(edition: Edition, idea: Idea, form: AppealForm, *, problem: str = "") -> str:
    return render(
        "participatory_budget/public/review/appeal.html",
        edition=edition,
        idea=idea,
        form=form,
        problem=problem,
        standing=standing.of(edition, idea),
    )
