"""The page of an idea for moderators: all there is to know, and the decision."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.sdk import (
    Forbidden,
    ServiceError,
    _,
    look_away,
    looking_at,
    render,
    requires,
)

from ...forms.moderation import DecisionForm, labels
from ...models import Edition, Idea
from ...rules.ideas.states import IdeaState
from ...rules.moderation.decisions import Decision
from ...services import editions
from ...services.ideas import files, merging
from ...services.moderation import appeals, comments, deciding, dossier, undoing
from ...services.moderation.noticing import duplicates, noticed
from ...services.moderation.queue import Shelf, looking_subject
from ...services.wording import Names
from ..blueprint import bp
from ..hub import drop_changes
from .queue import next_after
from .wording import hint_words, report_names, state_names


@bp.route("/<uuid:edition_id>/moderation/<int:idea_number>", methods=["GET", "POST"])
@requires("participatory_budget.moderate")
def moderate_idea(edition_id: UUID, idea_number: int) -> ResponseReturnValue:
    """Show an idea with everything around it; take the decision and go on to the next."""
    edition = editions.by_id(edition_id)
    idea = deciding.idea_of(edition, idea_number)
    form = DecisionForm.on(edition, deciding.possible(idea), seen=deciding.seen_now(idea))
    if not form.sent():
        return _page(edition, idea, form), form.status
    seen, shelf = form.seen_by_her, shelf_of(idea)
    try:
        ruling = form.ruling(edition)
        if ruling.decision is Decision.NOTE and not ruling.note:
            form.decision.errors = [_("Choose a decision, or write a note for colleagues.")]
            return _page(edition, idea, form), 422
        deciding.decide(edition, idea_number, ruling, seen=seen)
    except Forbidden:
        raise
    except ServiceError as error:
        status = drop_changes(error)
        edition = editions.by_id(edition_id)
        idea = deciding.idea_of(edition, idea_number)
        changes = deciding.changes_since(idea, seen.changed_at) if seen is not None else ()
        form.look_again(deciding.seen_now(idea))
        return _page(edition, idea, form, problem=str(error), changes=changes), status
    if ruling.decision is Decision.NOTE:
        flash(_("The note is saved."), "ok")
        return redirect(url_for(".moderate_idea", edition_id=edition_id, idea_number=idea_number), 303)
    look_away(looking_subject(idea.id))
    flash(
        _("No. %(number)s: %(decision)s.", number=idea_number, decision=labels()[ruling.decision]),
        "ok",
    )
    return redirect(next_after(edition, shelf), 303)


@bp.route("/<uuid:edition_id>/moderation/<int:idea_number>/part", methods=["GET", "POST"])
@requires("participatory_budget.moderate")
def part_ideas(edition_id: UUID, idea_number: int) -> ResponseReturnValue:
    """Ask, then take the merging of an idea back."""
    edition = editions.by_id(edition_id)
    idea = deciding.idea_of(edition, idea_number)
    if request.method != "POST":
        return render("participatory_budget/admin/moderation/part.html", edition=edition, idea=idea)
    undoing.undo(idea.id)
    flash(_("No. %(number)s stands alone again.", number=idea_number), "ok")
    return redirect(url_for(".moderate_idea", edition_id=edition_id, idea_number=idea_number), 303)


def shelf_of(idea: Idea) -> Shelf:
    """Return the list on which an idea lies for whoever looks at it."""
    if idea.state is IdeaState.PUBLISHED:
        return Shelf.REPORTED
    return Shelf.APPEALS if idea.state is IdeaState.REFUSED else Shelf.NEW


def _page(
    edition: Edition, idea: Idea, form: DecisionForm, *, problem: str = "", changes: object = ()
) -> str:
    history = deciding.decisions(idea)
    return render(
        "participatory_budget/admin/moderation/idea.html",
        edition=edition,
        idea=idea,
        form=form,
        problem=problem,
        changes=changes,
        looker=looking_at(looking_subject(idea.id)),
        hints=hint_words(noticed([idea])[idea.id]),
        alike=duplicates([idea]).get(idea.id, ()),
        files=files.of(idea),
        names=Names(edition),
        authors=dossier.authors(idea),
        earlier=dossier.earlier_ideas(idea),
        reports=comments.reports_of(idea),
        report_names=report_names(),
        decisions=history,
        people=dossier.people(one.decided_by for one in history),
        labels=labels(),
        state=state_names()[idea.state],
        states=state_names(),
        appeal=appeals.appeal(idea),
        is_open_appeal=deciding.appeal_of(idea) is not None,
        is_escalated=deciding.is_escalated(idea),
        into=dossier.target(idea),
        parts=merging.merged(idea),
        may_part=idea.state is IdeaState.MERGED and undoing.may_undo(idea),
    )
