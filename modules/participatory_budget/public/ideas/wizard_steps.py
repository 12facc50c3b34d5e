"""The last steps of an idea: photos and documents, the check, handing in; supporting another instead; taking it back."""

from uuid import UUID

from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.sdk import Account, Conflict, Invalid, _, follow, render

from ...forms.ideas import FileForm
from ...rules.ideas.states import IdeaState
from ...rules.schedule import Part
from ...services.ideas import authors, files, following, maps, supporting, writing
from ...services.ideas.rules_of import is_on, rules_of
from ...services.ideas.seeing import by_number, may_change, owned
from ...services.wording import Names
from ..blueprint import bp
from .guard import not_too_often, sending
from .pages import edition_with_ideas
from .signed_in import signed_in
from .wizard import Step


@bp.route("/<slug>/ideas/write/<uuid:idea_id>/files", methods=["GET", "POST"])
@signed_in(".idea_files")
def idea_files(account: Account, slug: str, idea_id: UUID) -> ResponseReturnValue:
    """Add photos and documents, each with words."""
    edition = edition_with_ideas(slug)
    idea = owned(idea_id, account)
    step, form = Step(edition, idea, "files"), FileForm()
    sent, problem = form.sent(), ""
    status = form.status
    if sent and form.file.data is not None:
        try:
            files.add(edition, idea_id, account, form.file.data, form.description.data or "")
            return redirect(step.url("files"), 303)
        except Invalid as error:
            form.refuse(form.description, error)
            status = 422
        except Conflict as error:
            problem, status = str(error), 409
    elif request.method == "POST" and not form.errors:
        return redirect(step.after(), 303)
    page = step.drawn(
        form, problem, files=files.of(idea), most=rules_of(edition).most_files, after=step.after()
    )
    return page, status


@bp.post("/<slug>/ideas/write/<uuid:idea_id>/files/<uuid:file_id>/remove")
@signed_in(".idea_files")
def remove_file(account: Account, slug: str, idea_id: UUID, file_id: UUID) -> ResponseReturnValue:
    """Take a photo or a document away."""
    files.remove(edition_with_ideas(slug), idea_id, account, file_id)
    flash(_("The file is gone."), "ok")
    return redirect(url_for(".idea_files", slug=slug, idea_id=idea_id), 303)


@bp.route("/<slug>/ideas/write/<uuid:idea_id>/check", methods=["GET", "POST"])
@signed_in(".idea_check")
def idea_check(account: Account, slug: str, idea_id: UUID) -> ResponseReturnValue:
    """Show the whole idea, and hand it in."""
    edition = edition_with_ideas(slug)
    idea = owned(idea_id, account)
    if idea.state is not IdeaState.DRAFT:
        return redirect(url_for(".idea_sent", slug=slug, idea_id=idea_id), 303)
    problem, status = "", 200
    if request.method == "POST":
        not_too_often("hand_in", account)
        try:
            writing.hand_in(edition, idea_id, account, sending(f"idea {idea_id}"))
            return redirect(url_for(".idea_sent", slug=slug, idea_id=idea_id), 303)
        except (Invalid, Conflict) as error:
            problem, status = str(error), error.status
    page = Step(edition, idea, "check").drawn(
        problem=problem,
        missing=writing.missing(edition, idea),
        files=files.of(idea),
        authors=authors.authors_of([idea])[idea.id],
        invitations=authors.invitations(idea),
        names=Names(edition),
        rules=rules_of(edition),
        takes_ideas=is_on(edition, Part.IDEAS),
    )
    return page, status


@bp.get("/<slug>/ideas/write/<uuid:idea_id>/sent")
@signed_in(".idea_sent")
def idea_sent(account: Account, slug: str, idea_id: UUID) -> ResponseReturnValue:
    """Say that the idea has arrived, and what happens next."""
    edition = edition_with_ideas(slug)
    idea = owned(idea_id, account)
    if idea.state is IdeaState.DRAFT:
        return redirect(url_for(".idea_check", slug=slug, idea_id=idea_id), 303)
    return render(
        "participatory_budget/public/ideas/sent.html", edition=edition, idea=idea, rules=rules_of(edition)
    )


@bp.route("/<slug>/ideas/write/<uuid:idea_id>/withdraw", methods=["GET", "POST"])
@signed_in(".withdraw_idea")
def withdraw_idea(account: Account, slug: str, idea_id: UUID) -> ResponseReturnValue:
    """Ask, then take an idea back or delete a draft."""
    edition = edition_with_ideas(slug)
    idea = owned(idea_id, account)
    if request.method == "POST":
        was_draft = idea.state is IdeaState.DRAFT
        writing.withdraw(edition, idea_id, account)
        flash(_("The draft is deleted.") if was_draft else _("The idea is withdrawn."), "ok")
        return redirect(url_for(".my_ideas", slug=slug), 303)
    return render(
        "participatory_budget/public/ideas/withdraw.html",
        edition=edition,
        idea=idea,
        may_change=may_change(edition, idea),
    )


@bp.post("/<slug>/ideas/write/<uuid:idea_id>/instead")
@signed_in(".idea_alike")
def support_instead(account: Account, slug: str, idea_id: UUID) -> ResponseReturnValue:
    """Support another idea, or follow it while nothing can be supported yet; the draft goes."""
    edition = edition_with_ideas(slug)
    draft = owned(idea_id, account)
    if draft.state is not IdeaState.DRAFT:
        abort(409)
    other = by_number(edition, request.form.get("number", 0, type=int))
    follow(account.id, following.subject(other))
    if is_on(edition, Part.SUPPORT):
        supporting.support(edition, other.id, account)
        said = _("You support this idea and follow it. Your draft is deleted.")
    else:
        said = _("You follow this idea and hear when it can be supported. Your draft is deleted.")
    writing.withdraw(edition, draft.id, account)
    flash(said, "ok")
    return redirect(url_for(".idea", slug=slug, number=other.number), 303)


@bp.get("/<slug>/ideas/city.svg")
def ideas_picture(slug: str) -> ResponseReturnValue:
    """Return the city as a picture on which a place can be pointed at."""
    edition = edition_with_ideas(slug)
    drawn = maps.picture(edition)
    if drawn is None:
        abort(404)
    longitude, latitude = (request.args.get(name, type=float) for name in ("longitude", "latitude"))
    pin = (longitude, latitude) if longitude is not None and latitude is not None else None
    answer = Response(drawn.drawn(pin), mimetype="image/svg+xml")
    answer.headers["Cache-Control"] = "private, max-age=300"
    return answer
