"""The piles of ideas while the ballot is drafted, and what is done with those that are ticked."""

from collections.abc import Callable, Sequence
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.sdk import Localized, ServiceError, _, asked_page, ngettext, render, requires

from ...forms.drafting import LeaveOutForm
from ...models import Edition
from ...services import editions
from ...services.drafting import candidates, consents, making, numbering
from ...services.drafting.candidates import Pile
from ...services.feasibility import verdicts
from ...services.moderation import dossier
from ..blueprint import bp
from ..feasibility.board import chosen_numbers
from ..feasibility.wording import verdict_kinds
from ..hub import drop_changes


@bp.route("/<uuid:edition_id>/drafting", methods=["GET", "POST"])
@requires("participatory_budget.manage")
def drafting(edition_id: UUID) -> ResponseReturnValue:
    """List ideas by pile; make projects of those that are ticked, or leave them out."""
    edition = editions.by_id(edition_id)
    act = request.form.get("act", "")
    form = LeaveOutForm() if act in ("", "leave") else LeaveOutForm(formdata=None)
    if request.method != "POST":
        return _page(edition, form)
    numbers = chosen_numbers()
    if act == "leave" and numbers and not form.sent():
        return _page(edition, form), 422
    try:
        message = _acts(edition, numbers, form.reason.data)[act]()
    except KeyError:
        return _page(edition, form, problem=_("Choose what is to be done.")), 422
    except ServiceError as error:
        status = drop_changes(error)
        return _page(editions.by_id(edition_id), form, problem=str(error)), status
    flash(message, "ok")
    pile = Pile.LEFT_OUT if act == "leave" else Pile.ON_BALLOT
    return redirect(url_for(".drafting", edition_id=edition_id, pile=pile.value), 303)


@bp.post("/<uuid:edition_id>/drafting/<int:idea_number>/bring-back")
@requires("participatory_budget.manage")
def bring_back(edition_id: UUID, idea_number: int) -> ResponseReturnValue:
    """Let an idea that was left out come on the ballot after all."""
    edition = editions.by_id(edition_id)
    verdicts.leave_out(edition, idea_number, None)
    flash(_("No. %(number)s can come on the ballot again.", number=idea_number), "ok")
    return redirect(url_for(".drafting", edition_id=edition_id), 303)


@bp.route("/<uuid:edition_id>/drafting/numbers", methods=["GET", "POST"])
@requires("participatory_budget.manage")
def draw_numbers(edition_id: UUID) -> ResponseReturnValue:
    """Ask, then draw the numbers of the projects by lot."""
    edition = editions.by_id(edition_id)
    if request.method != "POST":
        return render("participatory_budget/admin/drafting/numbers.html", edition=edition, problem="")
    try:
        seed = numbering.draw(edition_id)
    except ServiceError as error:
        status = drop_changes(error)
        page = render(
            "participatory_budget/admin/drafting/numbers.html",
            edition=editions.by_id(edition_id),
            problem=str(error),
        )
        return page, status
    flash(_("The numbers are drawn. The seed is %(seed)s; the audit log keeps it.", seed=seed), "ok")
    return redirect(url_for(".drafting", edition_id=edition_id, pile=Pile.ON_BALLOT.value), 303)


def _acts(edition: Edition, numbers: Sequence[int], reason: Localized) -> dict[str, Callable[[], str]]:
    """Return what each button does; it answers with what to say."""

    def each() -> str:
        made = making.one_each(edition.id, numbers)
        return ngettext("%(num)d project is made.", "%(num)d projects are made.", len(made))

    def together() -> str:
        made = making.together(edition.id, numbers)
        return _("Project no. %(number)s is made of several ideas. Look at its text.", number=made.reference)

    def leave() -> str:
        for number in numbers:
            verdicts.leave_out(edition, number, reason)
        return ngettext("%(num)d idea is left out.", "%(num)d ideas are left out.", len(numbers))

    return {"each": each, "together": together, "leave": leave}


def _page(edition: Edition, form: LeaveOutForm, *, problem: str = "") -> str:
    asked = request.args.get("pile", Pile.READY.value)
    pile = Pile(asked) if asked in set(Pile) else Pile.READY
    page = candidates.page_of(edition, pile, asked_page())
    counts = candidates.counts(edition)
    names = {
        Pile.READY: _("Could be on the ballot"),
        Pile.ON_BALLOT: _("On the ballot"),
        Pile.LEFT_OUT: _("Left out"),
    }
    said = consents.of_projects([one.project for one in page.items if one.project is not None])
    return render(
        "participatory_budget/admin/drafting/list.html",
        edition=edition,
        form=form,
        problem=problem,
        page=page,
        pile=pile,
        tabs=[
            (
                names[one],
                url_for(".drafting", edition_id=edition.id, pile=one.value),
                one is pile,
                counts[one],
            )
            for one in Pile
        ],
        consents=said,
        people=dossier.people(one.account_id for each in said.values() for one in each),
        may_make=editions.may_change(edition) and not edition.imported,
        examined=candidates.is_examined(edition),
        verdict_kinds=verdict_kinds(),
    )
