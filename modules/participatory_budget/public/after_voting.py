"""After the vote: the receipt, changing a vote, taking it back."""

from dataclasses import dataclass
from datetime import datetime

from flask import abort, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from app.sdk import _, is_followed, now, render

from ..services import casting, drafts, editions, followers, overview
from ..services.casting import Receipt
from .ballot_frame import private, the_voter, voting, while_open
from .blueprint import bp
from .voters import voter_required

_RECEIPTS = "participatory_budget_receipts"
_KEPT_RECEIPTS = 3


@dataclass(frozen=True, slots=True)
class Kept:
    """The receipt that this browser keeps; it is nowhere else."""

    code: str
    at: datetime
    changed: bool


@bp.get("/<slug>/vote/receipt")
@voter_required
def receipt(slug: str) -> ResponseReturnValue:
    """Show that the vote is counted; the code only in the browser that confirmed it."""
    edition = editions.by_slug(slug)
    voter = the_voter(edition)
    if not casting.has_voted(edition, voter):
        return redirect(url_for(".vote", slug=slug))
    return private(
        render(
            "participatory_budget/public/receipt.html",
            edition=edition,
            facts=overview.facts([edition])[0],
            kept=_kept_receipt(slug),
            email=voter.mail,
            phone=voter.phone,
            with_account=voter.account is not None,
            may_withdraw=casting.may_withdraw(edition),
            subject=followers.subject(edition),
            followed=is_followed(followers.subject(edition)),
        )
    )


@bp.post("/<slug>/vote/change")
@while_open
def change(slug: str) -> ResponseReturnValue:
    """Begin to change a vote: what is in the box becomes the draft, and stays in the box until confirmed."""
    edition, voter = voting(slug)
    drafts.begin_draft(edition, voter)
    return redirect(url_for(".vote", slug=slug), 303)


@bp.post("/<slug>/vote/keep")
@while_open
def keep(slug: str) -> ResponseReturnValue:
    """Leave the ballot in the box as it is and forget the changes."""
    edition, voter = voting(slug)
    drafts.drop_draft(edition, voter)
    return redirect(url_for(".receipt", slug=slug), 303)


@bp.route("/<slug>/vote/withdraw", methods=["GET", "POST"])
@while_open
def withdraw(slug: str) -> ResponseReturnValue:
    """Take a vote back, after asking."""
    edition = editions.by_slug(slug)
    voter = the_voter(edition)
    if request.method == "POST":
        return _taken_back(slug)
    mine = drafts.my_ballot(edition, voter)
    if not mine.version or not casting.may_withdraw(edition):
        return redirect(url_for(".receipt", slug=slug))
    page = render("participatory_budget/public/withdraw.html", edition=edition, seen_version=mine.version)
    return private(page)


def _taken_back(slug: str) -> ResponseReturnValue:
    edition = editions.by_slug(slug)
    seen = request.form.get("seen_version", type=int)
    if seen is None:
        abort(400)
    try:
        casting.withdraw(edition, the_voter(edition), seen_version=seen)
    except casting.AlreadyVotedElsewhere as conflict:
        flash(str(conflict))
        return redirect(url_for(".withdraw", slug=slug), 303)
    forget_receipt(slug)
    flash(_("Your vote is no longer in the ballot box."))
    return redirect(url_for(".edition", slug=slug), 303)


def keep_receipt(slug: str, given: Receipt) -> None:
    """Keep a receipt in this browser, beside those of a few other votes."""
    forget_receipt(slug)
    newest = list(session.get(_RECEIPTS, {}).items())[-(_KEPT_RECEIPTS - 1) :]
    session[_RECEIPTS] = {**dict(newest), slug: [given.code, now().isoformat(), given.changed]}


def forget_receipt(slug: str) -> None:
    """Forget the receipt that this browser keeps of a vote."""
    session[_RECEIPTS] = {other: kept for other, kept in session.get(_RECEIPTS, {}).items() if other != slug}


def _kept_receipt(slug: str) -> Kept | None:
    kept = session.get(_RECEIPTS, {}).get(slug)
    return Kept(kept[0], datetime.fromisoformat(kept[1]), kept[2]) if kept else None
