"""Blueprints: an edition that another city can take, and one made from such a file or like last year's."""

from uuid import UUID

from flask import Response, flash, url_for
from flask.typing import ResponseReturnValue

from app.sdk import ServiceError, _, may, render, requires

from ..forms.blueprints import BlueprintForm, LikeForm
from ..models import Edition
from ..rules.blueprint import MOST_BYTES
from ..services import blueprints, editions
from .blueprint import bp
from .hub import drop_changes, to_hub
from .sections import Group, Section, section


@section(90)
def _line(edition: Edition) -> Section | None:
    """Offer the edition to others, and to next year."""
    if edition.imported or not may("participatory_budget.manage"):
        return None
    url = url_for("participatory_budget_admin.like", edition_id=edition.id)
    hint = _(
        "Make a new edition with the same rules, phases and texts, or hand them to another city as a file."
    )
    return Section(_("Use as a blueprint"), url, hint, group=Group.AFTER)


@bp.route("/<uuid:edition_id>/like", methods=["GET", "POST"])
@requires("participatory_budget.manage")
def like(edition_id: UUID) -> ResponseReturnValue:
    """Make a new edition like this one, without its projects."""
    edition = editions.by_id(edition_id)
    form = LikeForm(data={"slug": editions.free_address()})
    if not form.sent():
        return render("participatory_budget/admin/like.html", form=form, edition=edition), form.status
    try:
        made = blueprints.copy_of(
            edition_id, slug=str(form.slug.data), title=form.title.data, begins_on=form.begins_on.data
        )
    except ServiceError as error:
        status = drop_changes(error)
        form.refuse(form.slug, error)
        edition = editions.by_id(edition_id)
        return render("participatory_budget/admin/like.html", form=form, edition=edition), status
    return to_hub(made, _("The edition is there. Residents do not see it yet."))


@bp.get("/<uuid:edition_id>/blueprint.json")
@requires("participatory_budget.manage")
def blueprint_file(edition_id: UUID) -> ResponseReturnValue:
    """Hand out the blueprint of an edition."""
    edition = editions.by_id(edition_id)
    answer = Response(blueprints.write_blueprint(edition), mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="blueprint-{edition.slug}.json"'
    return answer


@bp.route("/from-blueprint", methods=["GET", "POST"])
@requires("participatory_budget.manage")
def from_blueprint() -> ResponseReturnValue:
    """Make an edition from a file; what is wrong with it is named, and nothing of it is kept."""
    form = BlueprintForm(data={"slug": editions.free_address()})
    if not form.sent():
        return render("participatory_budget/admin/from_blueprint.html", form=form), form.status
    content = form.file.data.stream.read(MOST_BYTES + 1)
    try:
        made = blueprints.make_from(
            content, slug=str(form.slug.data), title=form.title.data, begins_on=form.begins_on.data
        )
    except ServiceError as error:
        status = drop_changes(error)
        form.refuse(form.file, error)
        return render("participatory_budget/admin/from_blueprint.html", form=form), status
    if blueprints.is_in_other_money(content):
        flash(
            _("Its amounts are in another currency. They were left out: say how much money there is."), "warn"
        )
    return to_hub(made, _("The edition is there. Residents do not see it yet."))
