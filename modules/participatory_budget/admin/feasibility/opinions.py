"""What departments are asked, and where they answer."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.sdk import Forbidden, ServiceError, _, asked_page, look_away, looking_at, render, requires, today

from ...forms.feasibility import OpinionForm
from ...models import Department, DepartmentOpinion, Edition, Idea
from ...services import editions
from ...services.feasibility import answering, boards, dossiers, settings
from ...services.ideas import files
from ...services.wording import Names
from ..blueprint import bp
from ..hub import drop_changes


@bp.get("/<uuid:edition_id>/opinions")
@requires("participatory_budget.evaluate")
def opinions(edition_id: UUID) -> str:
    """List what the departments of the one signed in are asked."""
    edition = editions.by_id(edition_id)
    done = request.args.get("view") == "done"
    page = boards.asked_of_me(edition, asked_page(), done=done)
    return render(
        "participatory_budget/admin/feasibility/opinions.html",
        edition=edition,
        page=page,
        done=done,
        ideas=dossiers.ideas_of(page.items),
        departments={one.id: one for one in settings.departments(edition)},
        today=today(),
    )


@bp.route("/<uuid:edition_id>/opinions/<uuid:opinion_id>", methods=["GET", "POST"])
@requires("participatory_budget.evaluate")
def opinion(edition_id: UUID, opinion_id: UUID) -> ResponseReturnValue:
    """Give the opinion of a department on an idea."""
    edition = editions.by_id(edition_id)
    found, department, _case, idea = answering.opinion_of(edition, opinion_id)
    form = _form(edition, found, idea)
    if not form.sent():
        return _page(edition, found, department, idea, form), form.status
    try:
        answering.answer(edition, opinion_id, form.texts(), seen=form.seen_version)
    except Forbidden:
        raise
    except ServiceError as error:
        status = drop_changes(error)
        edition = editions.by_id(edition_id)
        found, department, _case, idea = answering.opinion_of(edition, opinion_id)
        form.seen.data = str(found.version)
        return _page(edition, found, department, idea, form, problem=str(error)), status
    look_away(f"participatory_budget:{opinion_id}")
    flash(_("The opinion on “%(title)s” is given.", title=idea.title), "ok")
    return redirect(url_for(".opinions", edition_id=edition_id), 303)


def _form(edition: Edition, found: DepartmentOpinion, idea: Idea) -> OpinionForm:
    answers = answering.answers_of([found]).get(found.id, {})
    return OpinionForm.of(settings.criteria(edition), found, answers, answering.latest_cost(idea))


def _page(
    edition: Edition,
    found: DepartmentOpinion,
    department: Department,
    idea: Idea,
    form: OpinionForm,
    *,
    problem: str = "",
) -> str:
    return render(
        "participatory_budget/admin/feasibility/opinion.html",
        edition=edition,
        opinion=found,
        department=department,
        idea=idea,
        form=form,
        problem=problem,
        looker=looking_at(f"participatory_budget:{found.id}"),
        files=files.of(idea),
        names=Names(edition),
        estimates=answering.estimates(idea),
        today=today(),
    )
