"""Who stands for an idea: inviting, answering an invitation, leaving."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.sdk import Account, Conflict, Invalid, _, given, limit, render

from ...forms.ideas import InviteForm
from ...services.ideas import authors
from ...services.ideas.rules_of import rules_of
from ...services.ideas.seeing import owned
from ..blueprint import bp
from .pages import edition_with_ideas
from .signed_in import kept_words, signed_in

INVITES = "20/day"


@bp.route("/<slug>/ideas/write/<uuid:idea_id>/authors", methods=["GET", "POST"])
@signed_in(".co_authors")
def co_authors(account: Account, slug: str, idea_id: UUID) -> ResponseReturnValue:
    """Invite others to stand for an idea."""
    edition = edition_with_ideas(slug)
    idea, form = owned(idea_id, account), InviteForm(data=kept_words())
    sent, problem = form.sent(), ""
    status = form.status
    if sent:
        limit("participatory_budget.invite", INVITES, str(account.id))
        try:
            authors.invite(edition, idea.id, account, given(form.email))
            flash(_("The invitation is on its way."), "ok")
            return redirect(url_for(".co_authors", slug=slug, idea_id=idea_id), 303)
        except (Invalid, Conflict) as error:
            problem, status = str(error), error.status
    page = render(
        "participatory_budget/public/ideas/authors.html",
        edition=edition,
        idea=idea,
        form=form,
        problem=problem,
        authors=authors.authors_of([idea])[idea.id],
        invitations=authors.invitations(idea),
        most=rules_of(edition).most_authors,
    )
    return page, status


@bp.post("/<slug>/ideas/write/<uuid:idea_id>/authors/<uuid:invitation_id>/take-back")
@signed_in(".co_authors")
def take_invitation_back(
    account: Account, slug: str, idea_id: UUID, invitation_id: UUID
) -> ResponseReturnValue:
    """Take back an invitation that was not answered."""
    edition_with_ideas(slug)
    authors.take_back(owned(idea_id, account, lock=True).id, invitation_id)
    flash(_("The invitation is taken back."), "ok")
    return redirect(url_for(".co_authors", slug=slug, idea_id=idea_id), 303)


@bp.route("/<slug>/ideas/write/<uuid:idea_id>/leave", methods=["GET", "POST"])
@signed_in(".leave_idea")
def leave_idea(account: Account, slug: str, idea_id: UUID) -> ResponseReturnValue:
    """Leave an idea to its other authors."""
    edition = edition_with_ideas(slug)
    idea = owned(idea_id, account)
    if request.method == "POST":
        authors.leave(idea_id, account.id)
        flash(_("You are no longer one of its authors."), "ok")
        return redirect(url_for(".my_ideas", slug=slug), 303)
    return render("participatory_budget/public/ideas/leave.html", edition=edition, idea=idea)


@bp.get("/<slug>/ideas/invited/<secret>")
def invited(slug: str, secret: str) -> ResponseReturnValue:
    """Show what somebody was invited to; opening the link decides nothing."""
    edition = edition_with_ideas(slug)
    idea, _row = authors.invited(edition, secret)
    return render(
        "participatory_budget/public/ideas/invited.html",
        edition=edition,
        idea=idea,
        authors=authors.authors_of([idea])[idea.id],
        secret=secret,
    )


@bp.post("/<slug>/ideas/invited/<secret>/accept")
@signed_in(".invited")
def accept_invitation(account: Account, slug: str, secret: str) -> ResponseReturnValue:
    """Stand for the idea from now on."""
    edition = edition_with_ideas(slug)
    authors.accept(edition, secret, account)
    flash(_("You are one of its authors now."), "ok")
    return redirect(url_for(".my_ideas", slug=slug), 303)


@bp.post("/<slug>/ideas/invited/<secret>/decline")
def decline_invitation(slug: str, secret: str) -> ResponseReturnValue:
    """Decline; the address is forgotten with the invitation."""
    edition = edition_with_ideas(slug)
    authors.decline(edition, secret)
    flash(_("You have declined. Your address is no longer kept here."), "ok")
    return redirect(url_for(".edition", slug=slug), 303)
