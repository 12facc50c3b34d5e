"""How ideas are taken, and ideas that came on paper."""

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.sdk import (
    Conflict,
    Forbidden,
    Invalid,
    ServiceError,
    _,
    current_account,
    may,
    ngettext,
    render,
    requires,
)

from ...forms.idea_rules import IdeaRulesForm, RecordForm
from ...models import Edition
from ...rules.ideas.rules import Publication
from ...rules.ideas.states import Source
from ...rules.schedule import Part
from ...services import editions
from ...services.ideas import finding, settings, writing
from ...services.ideas.rules_of import is_on, rules_of
from ...services.marks import mark
from ..blueprint import bp
from ..hub import drop_changes, to_hub
from ..sections import Group, Section, State, has_part, section


@section(20)
def _rules_line(edition: Edition) -> Section | None:
    if not has_part(edition, Part.IDEAS, Part.SUPPORT) or not may("participatory_budget.manage"):
        return None
    rules = rules_of(edition)
    words = {
        Publication.NONE: _("Residents do not see ideas of others."),
        Publication.AT_ONCE: _("Ideas show at once."),
        Publication.REVIEWED: _("Ideas show once somebody has looked at them."),
        Publication.DELAYED: _("Ideas show after %(hours)s hours.", hours=rules.delay_hours),
    }
    state = State.DONE if edition.idea_rules else State.NONE
    return Section(_("Rules for ideas"), _to("idea_rules", edition), words[rules.publication], state)


@section(20)
def _record_line(edition: Edition) -> Section | None:
    if not is_on(edition, Part.IDEAS) or not may("participatory_budget.manage"):
        return None
    shown = finding.number_shown(edition)
    hint = ngettext("%(num)d idea is shown.", "%(num)d ideas are shown.", shown)
    return Section(_("Write an idea down for somebody"), _to("record_idea", edition), hint, group=Group.RUN)


@bp.route("/<uuid:edition_id>/ideas/rules", methods=["GET", "POST"])
@requires("participatory_budget.manage")
def idea_rules(edition_id: UUID) -> ResponseReturnValue:
    """Say how ideas are taken and supported."""
    edition = editions.by_id(edition_id)
    form = IdeaRulesForm.of(rules_of(edition))
    if not form.sent():
        return _rules_page(edition, form), form.status
    try:
        saved = settings.change_rules(edition_id, form.rules(), seen=form.seen.data)
    except ServiceError as error:
        status = drop_changes(error)
        edition = editions.by_id(edition_id)
        form.seen.data = mark(rules_of(edition))
        return _rules_page(edition, form, str(error)), status
    return to_hub(saved, _("The rules for ideas are saved."))


@bp.route("/<uuid:edition_id>/ideas/new", methods=["GET", "POST"])
@requires("participatory_budget.manage")
def record_idea(edition_id: UUID) -> ResponseReturnValue:
    """Write down an idea that came on paper or at a workshop."""
    edition, by = editions.by_id(edition_id), current_account()
    form = RecordForm().offer(edition)
    sent, problem = form.sent(), ""
    status = form.status
    if sent:
        if by is None:
            raise Forbidden(_("This is for people of the city. An operator on a visit cannot do it."))
        try:
            idea = writing.record(
                edition, by, form.parts(), name=form.name.data or "", source=Source(form.source.data)
            )
            flash(_("It is idea number %(number)s.", number=idea.number), "ok")
            return redirect(url_for(".record_idea", edition_id=edition_id), 303)
        except (Invalid, Conflict) as error:
            status = drop_changes(error)
            problem, edition = str(error), editions.by_id(edition_id)
    page = render("participatory_budget/admin/ideas/record.html", edition=edition, form=form, problem=problem)
    return page, status


def _rules_page(edition: Edition, form: IdeaRulesForm, problem: str = "") -> str:
    return render(
        "participatory_budget/admin/ideas/rules.html",
        edition=edition,
        form=form,
        problem=problem,
        counts=settings.counts_supports(edition),
    )


def _to(endpoint: str, edition: Edition) -> str:
    return url_for(f"participatory_budget_admin.{endpoint}", edition_id=edition.id)
