"""Voting in three pages: choose, check, receipt. Nothing is final until it is confirmed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import wraps

from flask import Response, abort, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from app.sdk import (
    Account,
    Invalid,
    current_account,
    is_followed,
    is_htmx,
    new_secret,
    now,
    project_art,
    render,
    sign_in_required,
)

from ..models import Edition
from ..services import casting, editions, eligibility, followers, overview
from ..services.explaining import how_to_choose
from ..services.paper import Paper
from ..services.wording import Names
from .blueprint import bp
from .filters import Filters, found

MOST_CHOICES = 5000
_RECEIPTS = "participatory_budget_receipts"
_KEPT_RECEIPTS = 3


@dataclass(frozen=True, slots=True)
class Kept:
    """The receipt that this browser keeps; it is nowhere else."""

    code: str
    at: datetime
    changed: bool


def while_open(view: Callable[[str], ResponseReturnValue]) -> Callable[[str], ResponseReturnValue]:
    """Ask nobody to sign in for a vote that is not open; raises VoteNotOpen."""

    @wraps(view)
    def checked(slug: str) -> ResponseReturnValue:
        casting.must_be_open(editions.by_slug(slug))
        return view(slug)

    return checked


@bp.get("/<slug>/vote")
@while_open
@sign_in_required
def vote(slug: str) -> ResponseReturnValue:
    """Let the voter choose; whoever has voted and is not changing anything sees her receipt instead."""
    edition, voter = _voting(slug)
    version = casting.my_ballot(edition, voter).version
    if version and not casting.has_draft(edition, voter):
        return redirect(url_for(".receipt", slug=slug))
    paper = Paper(edition, casting.draft(edition, voter))
    filters = _filters(paper)
    return _private(
        render(
            "participatory_budget/public/choose.html",
            lines=[paper.line(project) for project in found(edition, filters)],
            has_voted=bool(version),
            how=how_to_choose(edition),
            **_frame(paper, filters),
        )
    )


@bp.post("/<slug>/vote/choose")
@while_open
@sign_in_required
def choose(slug: str) -> ResponseReturnValue:
    """Put a project on the voter's list or take it off."""
    edition, voter = _voting(slug)
    number = request.form.get("project", type=int) or abort(400)
    before = casting.draft(edition, voter)
    paper = Paper(edition, casting.choose(edition, voter, number, add=request.form.get("add") == "1"))
    if is_htmx():
        return _changed(paper, before, number)
    if request.args.get("back") == "check":
        return redirect(url_for(".check", slug=slug), 303)
    if request.args.get("back") == "project":
        return redirect(url_for(".project", slug=slug, number=number), 303)
    return redirect(f"{url_for('.vote', slug=slug)}{Filters.asked().suffix}#project-{number}", 303)


@bp.get("/<slug>/vote/check")
@while_open
@sign_in_required
def check(slug: str) -> ResponseReturnValue:
    """Show what is about to be confirmed."""
    edition, voter = _voting(slug)
    return _check_page(edition, casting.draft(edition, voter), casting.my_ballot(edition, voter).version)


@bp.post("/<slug>/vote/check")
@while_open
@sign_in_required
def confirm(slug: str) -> ResponseReturnValue:
    """Put the ballot that this page showed into the box."""
    edition, voter = _voting(slug)
    choices, key = _sent_choices(), request.form.get("key", "")
    seen = request.form.get("seen_version", type=int)
    if seen is None or not 20 <= len(key) <= 100:
        abort(400)
    try:
        given = casting.cast(edition, voter, choices, seen_version=seen, key=key)
    except casting.AlreadyVotedElsewhere as conflict:
        return _two_ballots(edition, voter, choices=choices, message=str(conflict))
    except Invalid:
        version = casting.my_ballot(edition, voter).version
        page, _status = _check_page(edition, choices, version)
        return page, 422
    _keep_receipt(slug, Kept(given.code, now(), given.changed))
    return redirect(url_for(".receipt", slug=slug), 303)


@bp.get("/<slug>/vote/receipt")
@sign_in_required
def receipt(slug: str) -> ResponseReturnValue:
    """Show that the vote is counted; the code only in the browser that confirmed it."""
    edition, voter = editions.by_slug(slug), _voter()
    if not casting.has_voted(edition, voter):
        return redirect(url_for(".vote", slug=slug))
    return _private(
        render(
            "participatory_budget/public/receipt.html",
            edition=edition,
            facts=overview.facts([edition])[0],
            kept=_kept_receipt(slug),
            email=voter.email,
            subject=followers.subject(edition),
            followed=is_followed(followers.subject(edition)),
        )
    )


@bp.post("/<slug>/vote/change")
@while_open
@sign_in_required
def change(slug: str) -> ResponseReturnValue:
    """Begin to change a vote: what is in the box becomes the draft, and stays in the box until confirmed."""
    edition, voter = _voting(slug)
    casting.begin_draft(edition, voter)
    return redirect(url_for(".vote", slug=slug), 303)


@bp.post("/<slug>/vote/keep")
@while_open
@sign_in_required
def keep(slug: str) -> ResponseReturnValue:
    """Leave the ballot in the box as it is and forget the changes."""
    edition, voter = _voting(slug)
    casting.drop_draft(edition, voter)
    return redirect(url_for(".receipt", slug=slug), 303)


@bp.errorhandler(casting.VoteNotOpen)
def not_open(_error: casting.VoteNotOpen) -> ResponseReturnValue:
    """Say when the vote opens or that it has closed; what was not confirmed is not counted."""
    slug = str((request.view_args or {})["slug"])
    if is_htmx():
        return Response(status=204, headers={"HX-Redirect": url_for(".vote", slug=slug)})
    edition, account = editions.by_slug(slug), current_account()
    page = render(
        "participatory_budget/public/not_open.html",
        edition=edition,
        facts=overview.facts([edition])[0],
        has_voted=account is not None and casting.has_voted(edition, account),
    )
    return page, 409


@bp.errorhandler(eligibility.NotEligible)
def not_eligible(error: eligibility.NotEligible) -> ResponseReturnValue:
    """Say what is missing and where to go; a vote that was cast before stays as it is."""
    slug = str((request.view_args or {})["slug"])
    if is_htmx():
        return Response(status=204, headers={"HX-Redirect": url_for(".vote", slug=slug)})
    page = render(
        "participatory_budget/public/not_eligible.html", edition=editions.by_slug(slug), reasons=error.reasons
    )
    return _private(page), 403


def _voting(slug: str) -> tuple[Edition, Account]:
    edition, voter = editions.by_slug(slug), _voter()
    eligibility.must_be_eligible(edition, voter)
    return edition, voter


def _voter() -> Account:
    account = current_account()
    return account or abort(401)


def _filters(paper: Paper) -> Filters:
    """Return what is asked for; where votes are counted by category, one category is always open."""
    filters = Filters.asked()
    keys = [counter.key for counter in paper.counters()] if paper.by_category else []
    return filters.in_category(keys[0]) if keys and filters.category not in keys else filters


def _frame(paper: Paper, filters: Filters) -> dict[str, object]:
    return {
        "edition": paper.edition,
        "paper": paper,
        "bar": paper.bar(),
        "filters": filters,
        "art": project_art,
        "names": Names(paper.edition),
    }


def _changed(paper: Paper, before: Sequence[int], number: int) -> ResponseReturnValue:
    """Answer with the card that was pressed, every other card that looks different now, and the bar."""
    filters, old = _filters(paper), paper.with_choices(before)
    shown = found(paper.edition, filters)
    lines = [paper.line(project) for project in shown]
    pressed = [line for line in lines if line.project.number == number]
    others = [line for line in lines if line not in pressed and line != old.line(line.project)]
    return _private(
        render(
            "participatory_budget/public/_changed.html",
            pressed=pressed,
            others=others,
            **_frame(paper, filters),
        )
    )


def _check_page(edition: Edition, choices: Sequence[int], version: int) -> tuple[Response, int]:
    paper = Paper(edition, choices)
    page = render(
        "participatory_budget/public/check.html",
        chosen=paper.chosen(),
        seen_version=version,
        key=new_secret(),
        **_frame(paper, Filters()),
    )
    return _private(page), 200


def _two_ballots(
    edition: Edition, voter: Account, *, choices: Sequence[int], message: str
) -> ResponseReturnValue:
    in_box, here = casting.my_ballot(edition, voter), Paper(edition, choices)
    if in_box.choices == tuple(sorted(choices)):
        return redirect(url_for(".receipt", slug=edition.slug), 303)
    page = render(
        "participatory_budget/public/two_ballots.html",
        edition=edition,
        message=message,
        in_box=here.with_choices(in_box.choices).chosen(),
        here=here.chosen(),
        choices=choices,
        seen_version=in_box.version,
        key=new_secret(),
    )
    return _private(page), 409


def _sent_choices() -> list[int]:
    sent = request.form.getlist("project")[:MOST_CHOICES]
    if not all(text.isdecimal() and len(text) <= 6 for text in sent):
        abort(400)
    return [int(text) for text in sent]


def _keep_receipt(slug: str, kept: Kept) -> None:
    others = {other: code for other, code in session.get(_RECEIPTS, {}).items() if other != slug}
    newest = list(others.items())[-(_KEPT_RECEIPTS - 1) :]
    session[_RECEIPTS] = {**dict(newest), slug: [kept.code, kept.at.isoformat(), kept.changed]}


def _kept_receipt(slug: str) -> Kept | None:
    kept = session.get(_RECEIPTS, {}).get(slug)
    return Kept(kept[0], datetime.fromisoformat(kept[1]), kept[2]) if kept else None


def _private(page: str) -> Response:
    """Return a page that no cache keeps and that is asked for anew when the voter comes back to it."""
    response = Response(page, mimetype="text/html")
    response.headers["Cache-Control"] = "no-store"
    return response
