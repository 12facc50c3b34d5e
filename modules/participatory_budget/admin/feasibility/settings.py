"""How ideas are examined: the way, the criteria, the departments."""

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.sdk import ServiceError, _, render, requires

from ...forms.feasibility import CriterionForm, DepartmentForm, ReviewRulesForm
from ...models import Edition
from ...services import editions
from ...services.feasibility import settings as service
from ...services.marks import mark
from ..blueprint import bp
from ..hub import drop_changes, to_hub

PAGES = "participatory_budget/admin/feasibility"


@bp.route("/<uuid:edition_id>/feasibility/rules", methods=["GET", "POST"])
@requires("participatory_budget.manage")
def review_rules(edition_id: UUID) -> ResponseReturnValue:
    """Say which steps ideas take."""
    edition = editions.by_id(edition_id)
    form = ReviewRulesForm.of(edition)
    if not form.sent():
        return _rules(edition, form), form.status
    try:
        saved = service.change_rules(edition_id, form.rules(), seen=form.seen.data)
    except ServiceError as error:
        status = drop_changes(error)
        edition = editions.by_id(edition_id)
        form.seen.data = mark(service.rules_of(edition))
        return _rules(edition, form, problem=str(error)), status
    return to_hub(saved, _("It is saved how ideas are examined."))


@bp.route("/<uuid:edition_id>/feasibility/criteria", methods=["GET", "POST"])
@requires("participatory_budget.manage")
def criteria(edition_id: UUID) -> ResponseReturnValue:
    """List the criteria, and add one."""
    edition = editions.by_id(edition_id)
    form = CriterionForm()
    if not form.sent():
        return _criteria(edition, form), form.status
    try:
        service.add_criterion(edition_id, form.name.data, form.hint.data)
    except ServiceError as error:
        status = drop_changes(error)
        return _criteria(editions.by_id(edition_id), form, problem=str(error)), status
    return _back("criteria", edition_id, _("The criterion is added."))


@bp.post("/<uuid:edition_id>/feasibility/criteria/usual")
@requires("participatory_budget.manage")
def usual_criteria(edition_id: UUID) -> ResponseReturnValue:
    """Begin with the criteria that most cities have."""
    service.add_usual_criteria(edition_id)
    return _back("criteria", edition_id, _("The criteria are added. Change them as you like."))


@bp.route("/<uuid:edition_id>/feasibility/criteria/<uuid:criterion_id>", methods=["GET", "POST"])
@requires("participatory_budget.manage")
def criterion(edition_id: UUID, criterion_id: UUID) -> ResponseReturnValue:
    """Change a criterion."""
    edition = editions.by_id(edition_id)
    found = service.criterion(edition, criterion_id)
    form = CriterionForm.of(found)
    if not form.sent():
        return render(f"{PAGES}/criterion.html", edition=edition, criterion=found, form=form), form.status
    service.change_criterion(edition_id, criterion_id, form.name.data, form.hint.data)
    return _back("criteria", edition_id, _("The criterion is saved."))


@bp.post("/<uuid:edition_id>/feasibility/criteria/<uuid:criterion_id>/remove")
@requires("participatory_budget.manage")
def remove_criterion(edition_id: UUID, criterion_id: UUID) -> ResponseReturnValue:
    """Take a criterion off that nobody has answered."""
    try:
        service.remove_criterion(edition_id, criterion_id)
    except ServiceError as error:
        status = drop_changes(error)
        return _criteria(editions.by_id(edition_id), CriterionForm(formdata=None), problem=str(error)), status
    return _back("criteria", edition_id, _("The criterion is removed."))


@bp.route("/<uuid:edition_id>/feasibility/departments", methods=["GET", "POST"])
@requires("participatory_budget.manage")
def departments(edition_id: UUID) -> ResponseReturnValue:
    """List the departments, and add one."""
    edition = editions.by_id(edition_id)
    form = DepartmentForm.of()
    if not form.sent():
        return _departments(edition, form), form.status
    try:
        service.save_department(edition_id, form.texts())
    except ServiceError as error:
        status = drop_changes(error)
        return _departments(editions.by_id(edition_id), form, problem=str(error)), status
    return _back("departments", edition_id, _("The department is added."))


@bp.route("/<uuid:edition_id>/feasibility/departments/<uuid:department_id>", methods=["GET", "POST"])
@requires("participatory_budget.manage")
def department(edition_id: UUID, department_id: UUID) -> ResponseReturnValue:
    """Change a department and its people."""
    edition = editions.by_id(edition_id)
    found = service.department(edition, department_id)
    form = DepartmentForm.of(service.texts_of(edition, found))
    if not form.sent():
        return _department(edition, department_id, form), form.status
    try:
        service.save_department(edition_id, form.texts(), department_id)
    except ServiceError as error:
        status = drop_changes(error)
        return _department(editions.by_id(edition_id), department_id, form, problem=str(error)), status
    return _back("departments", edition_id, _("The department is saved."))


@bp.post("/<uuid:edition_id>/feasibility/departments/<uuid:department_id>/remove")
@requires("participatory_budget.manage")
def remove_department(edition_id: UUID, department_id: UUID) -> ResponseReturnValue:
    """Take a department off that was asked nothing."""
    try:
        service.remove_department(edition_id, department_id)
    except ServiceError as error:
        status = drop_changes(error)
        edition = editions.by_id(edition_id)
        return _departments(edition, DepartmentForm(formdata=None), problem=str(error)), status
    return _back("departments", edition_id, _("The department is removed."))


def _rules(edition: Edition, form: ReviewRulesForm, *, problem: str = "") -> str:
    return render(f"{PAGES}/rules.html", edition=edition, form=form, problem=problem)


def _criteria(edition: Edition, form: CriterionForm, *, problem: str = "") -> str:
    found = service.criteria(edition)
    return render(f"{PAGES}/criteria.html", edition=edition, form=form, problem=problem, criteria=found)


def _departments(edition: Edition, form: DepartmentForm, *, problem: str = "") -> str:
    return render(
        f"{PAGES}/departments.html",
        edition=edition,
        form=form,
        problem=problem,
        departments=service.departments(edition),
        members=service.members(edition),
    )


def _department(edition: Edition, department_id: UUID, form: DepartmentForm, *, problem: str = "") -> str:
    found = service.department(edition, department_id)
    return render(f"{PAGES}/department.html", edition=edition, department=found, form=form, problem=problem)


def _back(page: str, edition_id: UUID, message: str) -> ResponseReturnValue:
    flash(message, "ok")
    return redirect(url_for(f".{page}", edition_id=edition_id), 303)
