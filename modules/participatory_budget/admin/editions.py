"""The list of editions, a new one, and the page of each."""

from dataclasses import replace
from uuid import UUID

from flask.typing import ResponseReturnValue

from app.sdk import ServiceError, _, asked_page, given, render, requires

from ..forms.edition import NewEditionForm
from ..rules.schedule import Part
from ..services import calendar, editing, editions, overview, turnout
from ..services.phase_names import part_name
from .blueprint import bp
from .hub import board_of, drop_changes, hub, to_hub


@bp.get("/")
@requires("participatory_budget.view")
def index() -> str:
    """List all editions, newest first."""
    page = editions.staff_page(asked_page())
    voters = turnout.totals(page.items)
    facts = [replace(one, voters=voters.get(one.edition.id)) for one in overview.facts(page.items)]
    return render(
        "participatory_budget/admin/list.html",
        page=page,
        facts=facts,
        coming={one.id: calendar.next_of(one) for one in page.items},
        phase_names={part: part_name(part) for part in Part},
    )


@bp.route("/new", methods=["GET", "POST"])
@requires("participatory_budget.manage")
def new() -> ResponseReturnValue:
    """Make an edition from four answers."""
    form = NewEditionForm(data={"slug": editions.free_address()})
    if not form.sent():
        return render("participatory_budget/admin/new.html", form=form), form.status
    try:
        made = editing.begin(str(form.slug.data), form.title.data, form.limits(), given(form.budget))
    except ServiceError as error:
        status = drop_changes(error)
        form.refuse(form.slug, error)
        return render("participatory_budget/admin/new.html", form=form), status
    return to_hub(made, _("The edition is there. Residents do not see it yet."))


@bp.get("/<uuid:edition_id>/")
@requires("participatory_budget.view")
def edition(edition_id: UUID) -> str:
    """Show where an edition stands and what comes next."""
    return hub(editions.by_id(edition_id))


@bp.get("/<uuid:edition_id>/board")
@requires("participatory_budget.view")
def board(edition_id: UUID) -> str:
    """Return the board alone, for pages that keep it fresh."""
    return render("participatory_budget/admin/_board.html", board=board_of(editions.by_id(edition_id)))
