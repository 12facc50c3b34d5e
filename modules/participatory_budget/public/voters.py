"""Who is voting in this browser."""

from collections.abc import Callable
from functools import wraps

from flask import Response, g, redirect, url_for
from flask.typing import ResponseReturnValue

from app.sdk import is_htmx, sign_in_required

from ..models import Edition
from ..rules.ways import Way
from ..services import access, editions
from ..services.voters import Voter, current_voter


def edition_asked(slug: str) -> Edition:
    """Return the edition of the page that is asked for, looked up once in a request."""
    kept: Edition | None = g.get("participatory_budget_edition")
    if kept is None or kept.slug != slug:
        kept = g.participatory_budget_edition = editions.by_slug(slug)
    return kept


def voting_now(edition: Edition) -> Voter | None:
    """Return the voter at this browser; None for somebody who is not known."""
    return current_voter(edition)


def voter_required(view: Callable[[str], ResponseReturnValue]) -> Callable[[str], ResponseReturnValue]:
    """Send whoever is not known as a voter to sign in, or where there are several ways to choose one."""
    signed_in = sign_in_required(view)

    @wraps(view)
    def guarded(slug: str) -> ResponseReturnValue:
        edition = edition_asked(slug)
        if voting_now(edition) is not None:
            return view(slug)
        if has_ways(edition):
            target = url_for("participatory_budget_public.ways", slug=slug)
            if is_htmx():
                return Response(status=204, headers={"HX-Redirect": target})
            return redirect(target, 303)
        return signed_in(slug)

    return guarded


def has_ways(edition: Edition) -> bool:
    """Tell whether there are other ways to the ballot than signing in."""
    allowed = access.access_of(edition)
    return bool(access.open_codes(edition)) or allowed.has(Way.BOOTH) or not allowed.has(Way.ACCOUNT)
