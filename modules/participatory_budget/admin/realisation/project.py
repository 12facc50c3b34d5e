"""One page for everything that staff do for a project on its way: where it stands, money, news."""

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.sdk import ServiceError, _, money, picked, render, requires

from ...forms.realisation import NewsForm, SpendingForm, StandingForm
from ...models import Edition, Realisation
from ...services import editions
from ...services.marks import mark
from ...services.realisation import boards, listing, news
from ...services.realisation import money as spending
from ..blueprint import bp
from ..hub import drop_changes


@bp.route("/<uuid:edition_id>/realisation/<int:number>", methods=["GET", "POST"])
@requires("participatory_budget.manage")
def realised(edition_id: UUID, number: int) -> ResponseReturnValue:
    """Show a project on its way, and save where it stands."""
    edition = editions.by_id(edition_id)
    form = StandingForm.of(boards.board(edition, number))
    if not form.sent():
        return _page(edition, number, standing=form), form.status
    try:
        boards.change(edition, number, form.standing(), seen=form.seen.data)
    except ServiceError as error:
        status = drop_changes(error)
        edition = editions.by_id(edition_id)
        form.seen.data = mark(boards.standing_of(boards.board(edition, number)))
        return _page(edition, number, standing=form, problem=str(error)), status
    flash(_("Saved."), "ok")
    return _back(edition_id, number)


@bp.post("/<uuid:edition_id>/realisation/<int:number>/spending")
@requires("participatory_budget.manage")
def spend(edition_id: UUID, number: int) -> ResponseReturnValue:
    """Write down what was spent."""
    edition = editions.by_id(edition_id)
    form = _spending_form(edition, boards.board(edition, number))
    if not form.sent():
        return _page(edition, number, spent=form), form.status
    try:
        spending.spend(edition, number, form.entry())
    except ServiceError as error:
        status = drop_changes(error)
        return _page(editions.by_id(edition_id), number, spent=form, problem=str(error)), status
    flash(_("The entry is written down. Residents see it at once."), "ok")
    return _back(edition_id, number)


@bp.post("/<uuid:edition_id>/realisation/<int:number>/news")
@requires("participatory_budget.manage")
def tell_news(edition_id: UUID, number: int) -> ResponseReturnValue:
    """Publish news and tell whoever follows the project."""
    edition = editions.by_id(edition_id)
    form = NewsForm()
    if not form.sent():
        return _page(edition, number, told=form), form.status
    try:
        news.publish(edition, number, form.texts())
    except ServiceError as error:
        status = drop_changes(error)
        return _page(editions.by_id(edition_id), number, told=form, problem=str(error)), status
    flash(_("The news is published. Followers are told."), "ok")
    return _back(edition_id, number)


@bp.post("/<uuid:edition_id>/realisation/<int:number>/news/<uuid:news_id>/remove")
@requires("participatory_budget.manage")
def remove_news(edition_id: UUID, number: int, news_id: UUID) -> ResponseReturnValue:
    """Take news off the page."""
    news.withdraw(editions.by_id(edition_id), number, news_id)
    flash(_("The news is off the page. Messages that went out stay with whoever got them."), "ok")
    return _back(edition_id, number)


def _back(edition_id: UUID, number: int) -> ResponseReturnValue:
    return redirect(url_for(".realised", edition_id=edition_id, number=number), 303)


def _spending_form(edition: Edition, one: Realisation) -> SpendingForm:
    corrected = {entry.corrects_id for entry in one.spendings}
    return SpendingForm.of(
        one,
        {
            str(entry.id): f"{entry.day:%Y-%m-%d} {entry.what}, {money(entry.amount, edition.currency)}"
            for entry in one.spendings
            if entry.id not in corrected
        },
    )


def _page(
    edition: Edition,
    number: int,
    *,
    standing: StandingForm | None = None,
    spent: SpendingForm | None = None,
    told: NewsForm | None = None,
    problem: str = "",
) -> str:
    one = boards.board(edition, number)
    form = standing or spent or told
    return render(
        "participatory_budget/admin/realisation/project.html",
        edition=edition,
        title=picked(one.project.title).text,
        line=listing.line_of(edition, one),
        form=form,
        standing=standing or StandingForm.of(one),
        spent=spent or _spending_form(edition, one),
        told=told or NewsForm(),
        news=news.of_project(one),
        problem=problem,
    )
