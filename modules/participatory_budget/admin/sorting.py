"""The categories of an edition."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.sdk import ServiceError, _, render, requires

from ..forms.categories import CategoryForm
from ..models import Edition
from ..services import categories as service
from ..services import editing, editions, projects
from ..services.marks import mark
from .blueprint import bp
from .hub import drop_changes


@bp.route("/<uuid:edition_id>/categories", methods=["GET", "POST"])
@requires("participatory_budget.manage")
def categories(edition_id: UUID) -> ResponseReturnValue:
    """List the categories, and add one."""
    edition = editions.by_id(edition_id)
    form = CategoryForm()
    if not form.sent():
        return _list(edition, form), form.status
    try:
        service.add(edition_id, form.texts())
    except ServiceError as error:
        status = drop_changes(error)
        return _list(editions.by_id(edition_id), form, problem=str(error)), status
    return _back(edition_id, _("The category is added."))


@bp.route("/<uuid:edition_id>/categories/<uuid:category_id>", methods=["GET", "POST"])
@requires("participatory_budget.manage")
def category(edition_id: UUID, category_id: UUID) -> ResponseReturnValue:
    """Change a category."""
    edition = editions.by_id(edition_id)
    found = service.category(edition, category_id)
    form = CategoryForm.of(found)
    if not editing.may_change_money(edition) and "envelope" not in request.form:
        del form.envelope
    if not form.sent():
        return _one(edition, category_id, form), form.status
    try:
        texts = form.texts(kept=found.envelope)
        service.change(edition_id, category_id, texts, seen=form.seen.data)
    except ServiceError as error:
        status = drop_changes(error)
        edition = editions.by_id(edition_id)
        form.seen.data = mark(service.texts_of(service.category(edition, category_id)))
        return _one(edition, category_id, form, problem=str(error)), status
    return _back(edition_id, _("The category is saved."))


@bp.post("/<uuid:edition_id>/categories/<uuid:category_id>/move")
@requires("participatory_budget.manage")
def move_category(edition_id: UUID, category_id: UUID) -> ResponseReturnValue:
    """Move a category one place up or down."""
    service.move(edition_id, category_id, up=request.form.get("up") == "1")
    return redirect(url_for(".categories", edition_id=edition_id), 303)


@bp.post("/<uuid:edition_id>/categories/<uuid:category_id>/remove")
@requires("participatory_budget.manage")
def remove_category(edition_id: UUID, category_id: UUID) -> ResponseReturnValue:
    """Remove a category in which no project stands."""
    try:
        service.remove(edition_id, category_id)
    except ServiceError as error:
        status = drop_changes(error)
        return _list(editions.by_id(edition_id), CategoryForm(formdata=None), problem=str(error)), status
    return _back(edition_id, _("The category is removed."))


def _list(edition: Edition, form: CategoryForm, *, problem: str = "") -> str:
    return render(
        "participatory_budget/admin/categories.html",
        edition=edition,
        form=form,
        problem=problem,
        shares=projects.shares(edition),
        locked=not editions.may_change(edition),
    )


def _one(edition: Edition, category_id: UUID, form: CategoryForm, *, problem: str = "") -> str:
    return render(
        "participatory_budget/admin/category.html",
        edition=edition,
        category=service.category(edition, category_id),
        form=form,
        problem=problem,
    )


def _back(edition_id: UUID, message: str) -> ResponseReturnValue:
    flash(message, "ok")
    return redirect(url_for(".categories", edition_id=edition_id), 303)
