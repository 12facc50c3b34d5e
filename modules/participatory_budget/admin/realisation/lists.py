"""The list of funded projects, what is late first; how an edition follows them."""

from uuid import UUID

from flask import flash, request, url_for
from flask import redirect as to
from flask.typing import ResponseReturnValue

from app.sdk import ServiceError, _, may, ngettext, render, requires

from ...forms.realisation import FollowingForm, state_words
from ...models import Edition
from ...rules.phases import Stage
from ...services import editions
from ...services.marks import mark
from ...services.realisation import boards, listing
from ...services.realisation import settings as following
from ...services.wording import Names
from ..blueprint import bp
from ..hub import drop_changes
from ..sections import Group, Section, State, section


@bp.get("/<uuid:edition_id>/realisation")
@requires("participatory_budget.view")
def realisation(edition_id: UUID) -> str:
    """List the funded projects, what is late first."""
    edition = editions.by_id(edition_id)
    every, wanted = listing.lines(edition), _asked()
    return render(
        "participatory_budget/admin/realisation/list.html",
        edition=edition,
        lines=listing.late_first(listing.narrowed(every, wanted)),
        sums=listing.sums(every),
        alarms=sum(line.alarms for line in every),
        wanted=wanted,
        states=state_words(),
        departments=listing.departments(every),
        is_published=edition.stage is Stage.RESULTS,
        names=Names(edition),
    )


@bp.post("/<uuid:edition_id>/realisation/begin")
@requires("participatory_budget.manage")
def begin_realisation(edition_id: UUID) -> ResponseReturnValue:
    """Make a board for each funded project."""
    made = boards.begin(edition_id)
    flash(ngettext("%(num)d project has a page now.", "%(num)d projects have a page now.", made), "ok")
    return to(url_for(".realisation", edition_id=edition_id), 303)


@bp.route("/<uuid:edition_id>/realisation/settings", methods=["GET", "POST"])
@requires("participatory_budget.manage")
def follow_projects(edition_id: UUID) -> ResponseReturnValue:
    """Set the steps that each project takes, and how long nothing may be heard of one."""
    edition = editions.by_id(edition_id)
    form = FollowingForm.of(edition)
    if not form.sent():
        return _settings(edition, form), form.status
    try:
        following.change(edition_id, form.chosen(), seen=form.seen.data)
    except ServiceError as error:
        status = drop_changes(error)
        edition = editions.by_id(edition_id)
        form.seen.data = mark(following.settings_of(edition))
        return _settings(edition, form, problem=str(error)), status
    flash(_("Saved. Projects that have a page already keep their steps."), "ok")
    return to(url_for(".edition", edition_id=edition_id), 303)


@section(800)
def _set_up(edition: Edition) -> Section | None:
    if not may("participatory_budget.manage"):
        return None
    return Section(
        _("Following the projects"),
        url_for("participatory_budget_admin.follow_projects", edition_id=edition.id),
        hint=_("Steps of each chosen project, and when silence is too long."),
        group=Group.SET_UP,
    )


@section(810)
def _on_hub(edition: Edition) -> Section | None:
    if edition.stage is not Stage.RESULTS:
        return None
    found = listing.lines(edition)
    late, sums = sum(line.alarms for line in found), listing.sums(found)
    state = State.DONE if found and sums.done == sums.projects else State.STARTED if found else State.TODO
    hint = ngettext(
        "%(num)d project waits for news or is late.", "%(num)d projects wait for news or are late.", late
    )
    return Section(
        _("What became of the projects"),
        url_for("participatory_budget_admin.realisation", edition_id=edition.id),
        hint=hint if late else _("%(done)s of %(all)s are done.", done=sums.done, all=sums.projects),
        state=state,
        group=Group.AFTER,
    )


def _asked() -> listing.Wanted:
    words = {name: request.args.get(name, "").strip()[:160] for name in ("state", "department")}
    return listing.Wanted(
        **words, words=request.args.get("q", "").strip()[:120], late=request.args.get("late") == "1"
    )


def _settings(edition: Edition, form: FollowingForm, *, problem: str = "") -> str:
    return render(
        "participatory_budget/admin/realisation/settings.html", edition=edition, form=form, problem=problem
    )
