"""Authors read how their idea goes on the ballot and say whether they agree."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.sdk import Account, ServiceError, _, db, project_art, render

from ...forms.drafting import AGREE, ConsentForm
from ...models import Edition, Project, TextConsent
from ...services import editions, projects
from ...services.drafting import consents
from ...services.drafting.candidates import ideas_of
from ...services.wording import Names
from ..blueprint import bp
from ..ideas.signed_in import kept_words, signed_in


@bp.route("/<slug>/projects/<int:number>/text", methods=["GET", "POST"])
@signed_in(".project_text")
def project_text(account: Account, slug: str, number: int) -> ResponseReturnValue:
    """Agree with the text of a project, or object to it."""
    edition = editions.by_slug(slug)
    project = projects.project(edition, number)
    asked = consents.asked_of(project, account)
    form = ConsentForm(data=kept_words() or _said(asked))
    if not form.sent():
        return _page(edition, project, asked, form), form.status
    try:
        consents.answer(
            edition, project, account, agrees=form.answer.data == AGREE, text=form.text.data or ""
        )
    except ServiceError as error:
        db.session.rollback()
        edition = editions.by_slug(slug)
        project = projects.project(edition, number)
        page = _page(edition, project, consents.asked_of(project, account), form, problem=str(error))
        return page, error.status
    flash(_("Your answer is saved. You can change it until the ballot is fixed."), "ok")
    return redirect(url_for(".project_text", slug=slug, number=number), 303)


def _said(asked: TextConsent) -> dict[str, str]:
    answers = {"agreed": "agree", "objected": "object"}
    return {"answer": answers.get(asked.state.value, ""), "text": asked.text}


def _page(
    edition: Edition, project: Project, asked: TextConsent, form: ConsentForm, *, problem: str = ""
) -> str:
    return render(
        "participatory_budget/public/review/text.html",
        edition=edition,
        project=project,
        asked=asked,
        ideas=ideas_of([project]).get(project.id, ()),
        is_fixed=projects.is_fixed(edition),
        form=form,
        problem=problem,
        art=project_art,
        names=Names(edition),
    )
