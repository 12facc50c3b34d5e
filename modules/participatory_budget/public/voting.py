"""Voting in three pages: choose, check, receipt. Nothing is final until it is confirmed."""

from dataclasses import replace

from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.sdk import Invalid, is_htmx, new_secret, render

from ..models import Attempted, Edition
from ..rules.ballots import BallotType
from ..rules.contests import CITYWIDE
from ..services import box, casting, drafts, editions, eligibility, overview
from ..services.drafts import Chosen
from ..services.explaining import choosing
from ..services.paper import Paper
from ..services.statistics import attempts
from ..services.taking_part import may_vote_in
from ..services.voters import Voter
from .after_voting import keep_receipt
from .ballot_frame import filters_for, frame, open_contest, private, projects_shown, voting, while_open
from .blueprint import bp
from .filters import Filters
from .sent_marks import Sent, keep, sent_marks, what_fits
from .voters import voting_now

MOST_CHOICES = 5000
SETS = (BallotType.APPROVAL, BallotType.KNAPSACK)


@bp.get("/<slug>/vote")
@while_open
def vote(slug: str) -> ResponseReturnValue:
    """Let the voter choose; whoever has voted and is not changing anything sees her receipt instead."""
    edition, voter = voting(slug)
    version = drafts.my_ballot(edition, voter).version
    if version and not drafts.has_draft(edition, voter):
        return redirect(url_for(".receipt", slug=slug))
    chosen = drafts.draft(edition, voter)
    if chosen.district is None:
        return redirect(url_for(".district", slug=slug))
    return _choose_page(Paper(edition, chosen), voter)


@bp.post("/<slug>/vote/choose")
@while_open
def choose(slug: str) -> ResponseReturnValue:
    """Put a project on the voter's list or take it off."""
    edition, voter = voting(slug)
    number = request.form.get("project", type=int) or abort(400)
    if edition.ballot_type not in SETS:
        abort(400)
    before = drafts.draft(edition, voter)
    after = drafts.choose(edition, voter, number, add=request.form.get("add") == "1")
    if is_htmx():
        return _changed(Paper(edition, after), before, Sent(number=number))
    return _back(slug, number)


@bp.post("/<slug>/vote/marks")
@while_open
def mark(slug: str) -> ResponseReturnValue:
    """Keep points, places and grades; a page sends all its inputs, and the button that was pressed."""
    edition, voter = voting(slug)
    sent = sent_marks()
    if edition.ballot_type in SETS:
        abort(400)
    before = drafts.draft(edition, voter)
    as_before = Paper(edition, before)
    if not sent.typed.keys() <= as_before.options.keys():
        abort(400)
    if sent.typed and not is_htmx():
        return _choose_page(as_before, voter, sent), 422
    paper = Paper(edition, keep(edition, voter, sent))
    if sent.act == "check" and not sent.typed:
        return _to(url_for(".check", slug=slug))
    if is_htmx():
        return _changed(paper, before, sent)
    return _back(slug, sent.number or next(iter(sent.changes), 0))


@bp.get("/<slug>/vote/check")
@while_open
def check(slug: str) -> ResponseReturnValue:
    """Show what is about to be confirmed."""
    edition, voter = voting(slug)
    chosen = drafts.draft(edition, voter)
    if chosen.district is None:
        return redirect(url_for(".district", slug=slug))
    return _check_page(edition, chosen, drafts.my_ballot(edition, voter).version)


@bp.post("/<slug>/vote/check")
@while_open
def confirm(slug: str) -> ResponseReturnValue:
    """Put the ballot that this page showed into the box."""
    edition, voter = voting(slug, casts=True)
    sent, key = Chosen(_sent_ballot(), request.form.get("district", CITYWIDE)), request.form.get("key", "")
    seen = request.form.get("seen_version", type=int)
    if seen is None or not 20 <= len(key) <= 100:
        abort(400)
    try:
        given = casting.cast(
            edition, voter, sent.marks, seen_version=seen, key=key, district=sent.district or CITYWIDE
        )
    except casting.AlreadyVotedElsewhere as conflict:
        attempts.note(edition, Attempted.TWICE)
        return _two_ballots(edition, voter, sent, message=str(conflict))
    except casting.TakenBack as conflict:
        flash(str(conflict))
        return redirect(url_for(".vote", slug=slug), 303)
    except Invalid:
        attempts.note(edition, Attempted.BROKE_RULE)
        page, _status = _check_page(edition, sent, drafts.my_ballot(edition, voter).version)
        return page, 422
    keep_receipt(slug, given)
    return redirect(url_for(".receipt", slug=slug), 303)


@bp.errorhandler(box.VoteNotOpen)
def not_open(_error: box.VoteNotOpen) -> ResponseReturnValue:
    """Say when the vote opens or that it has closed; what was not confirmed is not counted."""
    slug = str((request.view_args or {})["slug"])
    if is_htmx():
        return _to(url_for(".vote", slug=slug))
    edition = editions.by_slug(slug)
    _note_refusal(edition, Attempted.NOT_OPEN)
    voter = voting_now(edition)
    page = render(
        "participatory_budget/public/not_open.html",
        edition=edition,
        facts=overview.facts([edition])[0],
        has_voted=voter is not None and casting.has_voted(edition, voter),
    )
    return page, 409


@bp.errorhandler(eligibility.NotEligible)
def not_eligible(error: eligibility.NotEligible) -> ResponseReturnValue:
    """Say what is missing and where to go; a vote that was cast before stays as it is."""
    slug = str((request.view_args or {})["slug"])
    if is_htmx():
        return _to(url_for(".vote", slug=slug))
    edition = editions.by_slug(slug)
    _note_refusal(edition, Attempted.NOT_ELIGIBLE)
    page = render("participatory_budget/public/not_eligible.html", edition=edition, reasons=error.reasons)
    return private(page), 403


def _note_refusal(edition: Edition, what: Attempted) -> None:
    """Count a ballot that was sent and not taken; looking at a page is no attempt."""
    if request.method == "POST" and str(request.endpoint).endswith(".confirm"):
        attempts.note(edition, what)


def _to(url: str) -> Response:
    """Lead to another page, also from a form that htmx has sent."""
    if is_htmx():
        return Response(status=204, headers={"HX-Redirect": url})
    answer = Response(status=303)
    answer.headers["Location"] = url
    return answer


def _back(slug: str, number: int) -> ResponseReturnValue:
    """Lead back to the page on which a project was marked."""
    match request.args.get("back"):
        case "check":
            return redirect(url_for(".check", slug=slug), 303)
        case "project" if number:
            return redirect(url_for(".project", slug=slug, number=number), 303)
        case _:
            anchor = f"#project-{number}" if number else ""
            return redirect(f"{url_for('.vote', slug=slug)}{Filters.asked().suffix}{anchor}", 303)


def _choose_page(paper: Paper, voter: Voter, sent: Sent | None = None) -> Response:
    filters = filters_for(paper)
    page = render(
        "participatory_budget/public/choose.html",
        lines=[paper.line(project) for project in projects_shown(paper, filters)],
        has_voted=casting.has_voted(paper.edition, voter),
        may_change_district=len(may_vote_in(paper.edition, voter)) > 1,
        how=choosing(paper.edition, open_contest(paper, filters).rule),
        **{**frame(paper, filters), "typed": _as_typed(paper, sent)},
    )
    return private(page)


def _as_typed(paper: Paper, sent: Sent | None) -> dict[int, tuple[str, str]]:
    """Return what was typed and is not kept yet, with what fits instead where it is no mark."""
    if sent is None:
        return {}
    marks = {number: (str(mark), "") for number, mark in sent.changes.items()}
    wrong = {
        number: (text, what_fits(paper.edition, paper.options, number)) for number, text in sent.typed.items()
    }
    return {**marks, **wrong}


def _changed(paper: Paper, before: Chosen, sent: Sent) -> ResponseReturnValue:
    """Answer with the cards that were marked, every other card that looks different now, and the bar."""
    filters, old = filters_for(paper), paper.with_chosen(before)
    lines = [paper.line(project) for project in projects_shown(paper, filters)]
    touched = (*sent.touched, sent.number)
    page = render(
        "participatory_budget/public/_changed.html",
        pressed=[line for line in lines if line.project.number in touched],
        others=[
            line for line in lines if line.project.number not in touched and line != old.line(line.project)
        ],
        **{**frame(paper, filters), "typed": _as_typed(paper, replace(sent, changes={}))},
    )
    return private(page)


def _check_page(edition: Edition, chosen: Chosen, version: int) -> tuple[Response, int]:
    paper = Paper(edition, chosen)
    page = render(
        "participatory_budget/public/check.html",
        chosen=paper.chosen(),
        seen_version=version,
        key_of_page=new_secret(),
        **frame(paper, Filters()),
    )
    return private(page), 200


def _two_ballots(edition: Edition, voter: Voter, sent: Chosen, *, message: str) -> ResponseReturnValue:
    in_box, here = drafts.my_ballot(edition, voter), Paper(edition, sent)
    if (in_box.marks, in_box.district) == (sent.marks, sent.district):
        return redirect(url_for(".receipt", slug=edition.slug), 303)
    there = here.with_chosen(Chosen(in_box.marks, in_box.district))
    page = render(
        "participatory_budget/public/two_ballots.html",
        message=message,
        in_box=there,
        here=here,
        seen_version=in_box.version,
        key_of_page=new_secret(),
        **frame(here, Filters()),
    )
    return private(page), 409


def _sent_ballot() -> dict[int, int]:
    """Return the marks that a page has sent: the number of a project, or "number:mark"."""
    marks: dict[int, int] = {}
    for text in request.form.getlist("project")[:MOST_CHOICES]:
        number, _colon, mark_text = text.partition(":")
        parts = (number, mark_text or "1")
        if not all(part.isascii() and part.isdecimal() and len(part) <= 6 for part in parts):
            abort(400)
        if int(number) in marks:
            abort(400)
        marks[int(number)] = int(mark_text or "1")
    return marks
