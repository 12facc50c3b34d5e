"""Where all ideas stand: begin, ask departments, publish many at once, take it away as a table."""

from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.sdk import ServiceError, _, asked_page, ngettext, picked, render, requires

from ...forms.feasibility import AskForm
from ...models import Edition
from ...services import editions
from ...services.feasibility import asking, boards, cases, settings, verdicts
from ...services.feasibility.boards import View
from ...services.feasibility.cases import COORDINATES
from ..blueprint import bp
from ..hub import drop_changes
from ..moderation.queue import district_options
from .wording import verdict_kinds, view_names

MOST_AT_ONCE = 200


@bp.route("/<uuid:edition_id>/feasibility", methods=["GET", "POST"])
@requires("participatory_budget.coordinate")
def feasibility(edition_id: UUID) -> ResponseReturnValue:
    """List examinations; ask departments about those that are ticked, or publish them."""
    edition = editions.by_id(edition_id)
    form = AskForm.on(settings.departments(edition))
    if not form.sent():
        return _page(edition, form), form.status
    numbers = chosen_numbers()
    if not numbers:
        return _page(edition, form, problem=_("Choose the ideas first.")), 422
    if request.form.get("act") == "publish":
        done, left = verdicts.publish_many(edition, numbers)
        _say_published(done, left)
        return redirect(url_for(".feasibility", edition_id=edition_id, view=View.DECIDED.value), 303)
    try:
        made = asking.ask(edition, numbers, form.chosen(), due=form.due.data)
    except ServiceError as error:
        status = drop_changes(error)
        return _page(editions.by_id(edition_id), form, problem=str(error)), status
    flash(ngettext("%(num)d question was sent.", "%(num)d questions were sent.", made), "ok")
    return redirect(url_for(".feasibility", edition_id=edition_id, view=View.OPINIONS.value), 303)


@bp.route("/<uuid:edition_id>/feasibility/begin", methods=["GET", "POST"])
@requires("participatory_budget.coordinate")
def begin_examination(edition_id: UUID) -> ResponseReturnValue:
    """Choose the ideas that are examined: those that have the support they need."""
    edition = editions.by_id(edition_id)
    if request.method != "POST":
        return render(
            "participatory_budget/admin/feasibility/begin.html",
            edition=edition,
            ideas=cases.candidates(edition),
        )
    made = cases.begin(edition, chosen_numbers(cases.MOST))
    flash(ngettext("%(num)d idea is being examined.", "%(num)d ideas are being examined.", made), "ok")
    return redirect(url_for(".feasibility", edition_id=edition_id), 303)


@bp.get("/<uuid:edition_id>/feasibility.csv")
@requires("participatory_budget.coordinate")
def feasibility_table(edition_id: UUID) -> Response:
    """Return the state of all ideas as a table for spreadsheets."""
    edition = editions.by_id(edition_id)
    name = f"feasibility-{edition.slug}.csv"
    return Response(
        "".join(boards.table(edition)),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def chosen_numbers(most: int = MOST_AT_ONCE) -> list[int]:
    """Return the numbers of the ideas that were ticked."""
    found = request.form.getlist("number")[:most]
    return [int(one) for one in found if one.isascii() and one.isdigit() and len(one) < 10]


def _say_published(done: int, left: list[int]) -> None:
    if done:
        flash(ngettext("%(num)d opinion is published.", "%(num)d opinions are published.", done), "ok")
    if left:
        listed = ", ".join(str(one) for one in left)
        flash(_("Not published, as nothing is decided: no. %(list)s.", list=listed), "warn")


def _page(edition: Edition, form: AskForm, *, problem: str = "") -> str:
    asked = request.args.get("view", View.ALL.value)
    view = View(asked) if asked in set(View) else View.ALL
    departments = settings.departments(edition)
    wanted = request.args.get("department", "")
    department = next((one.id for one in departments if str(one.id) == wanted), None)
    district = request.args.get("district", "")
    counts = boards.counts(edition)
    names = view_names()
    return render(
        "participatory_budget/admin/feasibility/board.html",
        edition=edition,
        form=form,
        problem=problem,
        page=boards.page_of(edition, view, asked_page(), district=district, department=department),
        view=view,
        tabs=[
            (
                names[one],
                url_for(".feasibility", edition_id=edition.id, view=one.value),
                one is view,
                counts[one],
            )
            for one in View
            if counts[one] or one in (View.ALL, View.OVERDUE, view)
        ],
        district=district,
        district_options=district_options(edition, COORDINATES),
        department=wanted,
        department_options=[
            ("", _("All")),
            *[(str(one.id), picked(one.name).text) for one in departments],
        ],
        departments=departments,
        step_names=boards.step_names(),
        verdict_names=boards.verdict_names(),
        verdict_kinds=verdict_kinds(),
        waiting=len(cases.candidates(edition)),
    )
