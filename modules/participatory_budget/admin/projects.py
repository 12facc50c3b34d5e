"""The projects on the ballot: found, added, changed, removed, taken out of the count."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.sdk import ServiceError, _, asked_page, picked, render, requires

from ..forms.project import ExclusionForm, ProjectForm, ProjectTextsForm
from ..models import Edition, Project
from ..services import editions
from ..services import projects as service
from ..services.marks import mark
from ..services.wording import Names
from .blueprint import bp
from .hub import drop_changes


@bp.get("/<uuid:edition_id>/projects")
@requires("participatory_budget.view")
def project_list(edition_id: UUID) -> str:
    """List the projects, narrowed down by words when asked."""
    edition = editions.by_id(edition_id)
    words = request.args.get("q", "").strip()[:120]
    return render(
        "participatory_budget/admin/projects.html",
        edition=edition,
        page=service.staff_page(edition, asked_page(), words=words),
        words=words,
        names=Names(edition),
        may_add=_may_add(edition),
    )


@bp.route("/<uuid:edition_id>/projects/new", methods=["GET", "POST"])
@requires("participatory_budget.manage")
def new_project(edition_id: UUID) -> ResponseReturnValue:
    """Put a project on the ballot."""
    edition = editions.by_id(edition_id)
    form = ProjectForm.on(edition)
    if not form.sent():
        return _page(edition, form, locked=not _may_add(edition)), form.status
    try:
        made = service.add(edition_id, form.texts())
    except ServiceError as error:
        status = drop_changes(error)
        return _page(editions.by_id(edition_id), form, problem=str(error)), status
    flash(_("“%(title)s” is on the ballot.", title=picked(made.title)), "ok")
    page = ".new_project" if request.form.get("more") else ".project_list"
    return redirect(url_for(page, edition_id=edition_id), 303)


@bp.route("/<uuid:edition_id>/projects/<int:number>", methods=["GET", "POST"])
@requires("participatory_budget.manage")
def project(edition_id: UUID, number: int) -> ResponseReturnValue:
    """Change a project; on a fixed ballot only its texts and picture, and nothing while people vote."""
    edition = editions.by_id(edition_id)
    saved = service.project(edition, number)
    fixed = service.is_fixed(edition)
    form = ProjectTextsForm.of(saved) if fixed else ProjectForm.on(edition, saved)
    if not form.sent():
        return _page(edition, form, saved), form.status
    try:
        service.change(edition_id, number, form.texts(service.texts_of(saved)), seen=form.seen.data)
    except ServiceError as error:
        status = drop_changes(error)
        edition = editions.by_id(edition_id)
        saved = service.project(edition, number)
        form.seen.data = mark(service.texts_of(saved))
        return _page(edition, form, saved, problem=str(error)), status
    flash(_("“%(title)s” is saved.", title=picked(saved.title)), "ok")
    return redirect(url_for(".project_list", edition_id=edition_id), 303)


@bp.route("/<uuid:edition_id>/projects/<int:number>/remove", methods=["GET", "POST"])
@requires("participatory_budget.manage")
def remove_project(edition_id: UUID, number: int) -> ResponseReturnValue:
    """Ask, then take a project off the ballot."""
    edition = editions.by_id(edition_id)
    found = service.project(edition, number)
    if request.method != "POST":
        return render("participatory_budget/admin/project_remove.html", edition=edition, project=found)
    service.remove(edition_id, number)
    flash(_("“%(title)s” is off the ballot.", title=picked(found.title)), "ok")
    return redirect(url_for(".project_list", edition_id=edition_id), 303)


@bp.route("/<uuid:edition_id>/projects/<int:number>/exclude", methods=["GET", "POST"])
@requires("participatory_budget.publish")
def exclude_project(edition_id: UUID, number: int) -> ResponseReturnValue:
    """Take a project out of the count for a reason that everybody reads."""
    edition = editions.by_id(edition_id)
    found = service.project(edition, number)
    form = ExclusionForm(data={"reason": found.excluded or {}})
    if not form.sent():
        return _exclusion(edition, found, form), form.status
    try:
        service.exclude(edition_id, number, form.reason.data)
    except ServiceError as error:
        status = drop_changes(error)
        edition = editions.by_id(edition_id)
        found = service.project(edition, number)
        return _exclusion(edition, found, form, problem=str(error)), status
    flash(_("“%(title)s” is out of the count.", title=picked(found.title)), "ok")
    return _after_exclusion(edition)


@bp.post("/<uuid:edition_id>/projects/<int:number>/include")
@requires("participatory_budget.publish")
def include_project(edition_id: UUID, number: int) -> ResponseReturnValue:
    """Put a project back into the count."""
    found = service.exclude(edition_id, number, None)
    flash(_("“%(title)s” is in the count again.", title=picked(found.title)), "ok")
    return _after_exclusion(found.edition)


def _after_exclusion(edition: Edition) -> ResponseReturnValue:
    return redirect(url_for(".edition", edition_id=edition.id), 303)


def _may_add(edition: Edition) -> bool:
    return editions.may_change(edition) and not edition.imported


def _page(
    edition: Edition,
    form: ProjectTextsForm,
    project: Project | None = None,
    *,
    problem: str = "",
    locked: bool = False,
) -> str:
    return render(
        "participatory_budget/admin/project.html",
        edition=edition,
        project=project,
        form=form,
        problem=problem,
        locked=locked,
        may_remove=project is not None and _may_add(edition),
        names=Names(edition),
        # What somebody has typed until then is not lost: it is on the page that refuses it.
        voting=project is not None and not problem and service.is_being_voted_on(edition),
    )


def _exclusion(edition: Edition, project: Project, form: ExclusionForm, *, problem: str = "") -> str:
    return render(
        "participatory_budget/admin/exclude.html",
        edition=edition,
        project=project,
        form=form,
        problem=problem,
    )
