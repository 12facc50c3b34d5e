"""What the pages of a ballot share: who votes, what the pages show, what no cache keeps."""

from collections.abc import Callable
from functools import wraps

from flask import Response, abort
from flask.typing import ResponseReturnValue

from app.sdk import project_art

from ..models import Edition, Project
from ..rules.ballots import BallotType
from ..services import box, eligibility, persons
from ..services.contest_paper import ContestPaper
from ..services.paper import Paper
from ..services.voters import Voter
from ..services.wording import Names, contest_name, grades_on_paper
from .filters import Filters, found
from .voters import edition_asked, voter_required, voting_now


def while_open(view: Callable[[str], ResponseReturnValue]) -> Callable[[str], ResponseReturnValue]:
    """Ask nobody to sign in for a vote that is not open; raises VoteNotOpen."""
    of_voter = voter_required(view)

    @wraps(view)
    def checked(slug: str) -> ResponseReturnValue:
        box.must_be_open(edition_asked(slug))
        return of_voter(slug)

    return checked


def voting(slug: str, *, casts: bool = False) -> tuple[Edition, Voter]:
    """Return the edition and who votes in it; raises NotEligible, VotedAlready.

    Whoever casts a ballot now is looked at then and there, under the lock of the box, and so not twice.
    """
    edition = edition_asked(slug)
    voter = the_voter(edition)
    if casts:
        return edition, voter
    eligibility.must_be_eligible(edition, voter)
    persons.must_be_free(edition, voter.name, persons.keys_of(edition, voter))
    return edition, voter


def the_voter(edition: Edition) -> Voter:
    """Return who votes in this browser."""
    return voting_now(edition) or abort(401)


def filters_for(paper: Paper) -> Filters:
    """Return what is asked for; where votes are counted by contest or category, one of them is always open."""
    filters = Filters.asked()
    contest = paper.open_contest(filters.contest_key)
    if paper.has_contests:
        filters = filters.in_contest(contest.key)
    keys = [counter.key for counter in contest.counters()] if contest.by_category else []
    return filters.in_category(keys[0]) if keys and filters.category not in keys else filters


def open_contest(paper: Paper, filters: Filters) -> ContestPaper:
    """Return the contest that is open on the page."""
    return paper.open_contest(filters.contest_key)


def projects_shown(paper: Paper, filters: Filters) -> list[Project]:
    """Return the projects of the open contest that the filters let through."""
    contest = open_contest(paper, filters)
    return [project for project in found(paper.edition, filters) if project.number in contest.options]


def frame(paper: Paper, filters: Filters, contest: ContestPaper | None = None) -> dict[str, object]:
    """Return what every page of a ballot needs; the contest that is open is the one asked for."""
    contest = contest or open_contest(paper, filters)
    others = [one for one in paper.contests.values() if one is not contest]
    return {
        "edition": paper.edition,
        "paper": paper,
        "contest": contest,
        "tabs": [(one, contest_name(paper.edition, one.key)) for one in paper.contests.values()],
        "contest_names": {key: contest_name(paper.edition, key) for key in paper.contests},
        "others_left": [(contest_name(paper.edition, one.key), one.short()) for one in others],
        "bar": contest.bar(),
        "filters": filters,
        "art": project_art,
        "names": Names(paper.edition),
        "grades": grades_on_paper(contest.rule) if contest.rule.type is BallotType.JUDGEMENT else [],
        "ranked": paper.chosen()[contest.key] if contest.rule.type is BallotType.RANKED else [],
        "typed": {},
    }


def private(page: str) -> Response:
    """Return a page that no cache keeps and that is asked for anew when the voter comes back to it."""
    response = Response(page, mimetype="text/html")
    response.headers["Cache-Control"] = "no-store"
    return response
