"""How people vote in an edition, and the choice between the ways."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.sdk import _, current_account, render

from ...models import Edition
from ...rules.ways import Way
from ...services import access, admissions, box, doubts, editions, persons
from ...services.eligibility import who_can_vote
from ..ballot_frame import private
from ..blueprint import bp
from ..sections import section
from ..voters import has_ways, voting_now


@section(90)
def _ways_on_edition(edition: Edition) -> str | None:
    """Say how people vote, where there is more than the account."""
    if not has_ways(edition) and not access.access_of(edition).has(Way.PAPER):
        return None
    return render(
        "participatory_budget/public/codes/_ways.html",
        edition=edition,
        ways=access.shown(edition),
        duplicates=_duplicates(edition),
    )


@bp.get("/<slug>/vote/ways")
def ways(slug: str) -> ResponseReturnValue:
    """Let somebody choose how she votes."""
    edition = editions.by_slug(slug)
    box.must_be_open(edition)
    if voting_now(edition) is not None:
        return redirect(url_for(".vote", slug=slug))
    return private(
        render(
            "participatory_budget/public/codes/ways.html",
            edition=edition,
            ways=access.shown(edition),
            open_codes=access.open_codes(edition),
            closed=[
                access.way_title(way)
                for way in access.access_of(edition).coded
                if way not in access.open_codes(edition)
            ],
            voters=who_can_vote(edition),
            account=current_account(),
        )
    )


@bp.post("/<slug>/vote/leave")
def leave(slug: str) -> ResponseReturnValue:
    """Forget in this browser who has voted with a code."""
    edition = editions.by_slug(slug)
    if admissions.leave():
        flash(_("You have left the vote. Nothing of yours is kept in this browser."), "ok")
    return redirect(url_for(".edition", slug=edition.slug), 303)


@bp.errorhandler(persons.VotedAlready)
def voted_already(error: persons.VotedAlready) -> ResponseReturnValue:
    """Say that a ballot of this person is in, and what she can do."""
    slug = str((request.view_args or {})["slug"])
    page = render(
        "participatory_budget/public/codes/voted_already.html",
        edition=editions.by_slug(slug),
        message=str(error),
        without_account=current_account() is None,
    )
    return private(page), 409


@bp.errorhandler(doubts.Challenged)
def challenged(error: doubts.Challenged) -> ResponseReturnValue:
    """Say that two people have denied the right to vote, and where to ask."""
    slug = str((request.view_args or {})["slug"])
    page = render(
        "participatory_budget/public/codes/voted_already.html",
        edition=editions.by_slug(slug),
        message=str(error),
        without_account=True,
    )
    return private(page), 403


def _duplicates(edition: Edition) -> str:
    allowed = access.access_of(edition)
    return access.duplicates_text(allowed.duplicates) if allowed.has(Way.PAPER) else ""
