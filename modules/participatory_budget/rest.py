"""What programs can read of the participatory budget: what everybody sees on the pages, and nothing before they do."""

from collections.abc import Sequence

from flask import url_for

from app.sdk import (
    Listing,
    Money,
    NotFound,
    Paging,
    _,
    _l,
    endpoint,
    event,
    listed,
    listing,
    rest_blueprint,
)

from .models import Edition, Idea, Project
from .rest_answers import (
    BudgetCategory,
    BudgetContest,
    BudgetEdition,
    BudgetIdea,
    BudgetProject,
    BudgetResult,
    ContestFilter,
    ContestResult,
    DayOfVote,
    DrawnLot,
    EditionTold,
    GradeGiven,
    IdeaTold,
    ProjectFilter,
    ProjectResult,
    TurnoutShown,
)
from .rules.contests import CITYWIDE, ContestsBy
from .rules.phases import Stage
from .services import contests, editions, overview, projects, result_columns, results, turnout
from .services.ideas import authors, finding
from .services.ideas.finding import Asked
from .services.ideas.rules_of import shows_ideas, shows_supports

ONE = "/editions/<slug>"

bp = rest_blueprint(__name__)


event("participatory_budget.idea_published", _l("An idea is shown to everybody"), IdeaTold)
event("participatory_budget.vote_opened", _l("A vote opens"), EditionTold)
event("participatory_budget.vote_closed", _l("A vote closes"), EditionTold)
event("participatory_budget.result_published", _l("The result of a vote is published"), EditionTold)


@endpoint(bp, "GET", "/editions", returns=Listing[BudgetEdition], query=Paging)
def all_editions(query: Paging) -> Listing[BudgetEdition]:
    """List the editions that residents see, the newest first."""
    rows, following = listing(editions.shown_to_residents(), [Edition.created_at, Edition.id], query)
    return listed([_edition(row) for row in rows], following)


@endpoint(bp, "GET", ONE, returns=BudgetEdition)
def edition(slug: str) -> BudgetEdition:
    """Return one edition."""
    return _edition(editions.by_slug(slug))


@endpoint(bp, "GET", f"{ONE}/projects", returns=Listing[BudgetProject], query=ContestFilter)
def edition_projects(slug: str, query: ContestFilter) -> Listing[BudgetProject]:
    """List the projects of an edition in their order on the ballot."""
    shown = editions.by_slug(slug)
    found = projects.narrowed(shown, query.category, query.district, query.contest)
    rows, following = listing(found, [Project.number], query, rising=True)
    return listed([_project(shown, row) for row in rows], following)


@endpoint(bp, "GET", f"{ONE}/projects/<int:number>", returns=BudgetProject)
def project(slug: str, number: int) -> BudgetProject:
    """Return one project."""
    shown = editions.by_slug(slug)
    return _project(shown, projects.project(shown, number))


@endpoint(bp, "GET", f"{ONE}/ideas", returns=Listing[BudgetIdea], query=ProjectFilter)
def edition_ideas(slug: str, query: ProjectFilter) -> Listing[BudgetIdea]:
    """List the ideas of an edition that everybody can read, in the order of their numbers."""
    shown = _with_ideas(slug)
    found = finding.narrowed(shown, Asked(category=query.category or "", district=query.district or ""))
    rows, following = listing(found, [Idea.number], query, rising=True)
    names = authors.authors_of(rows)
    return listed([_idea(shown, row, names[row.id]) for row in rows], following)


@endpoint(bp, "GET", f"{ONE}/ideas/<int:number>", returns=BudgetIdea)
def idea(slug: str, number: int) -> BudgetIdea:
    """Return one idea that everybody can read."""
    shown = _with_ideas(slug)
    found = finding.one_shown(shown, number)
    return _idea(shown, found, authors.authors_of([found])[found.id])


@endpoint(bp, "GET", f"{ONE}/turnout", returns=TurnoutShown)
def edition_turnout(slug: str) -> TurnoutShown:
    """Return how many people have voted: the only number of a vote that anybody sees before its result."""
    shown = editions.by_slug(slug)
    days = turnout.by_day(shown) if shown.stage is Stage.RESULTS else []
    voters = overview.facts([shown])[0].voters
    told = [DayOfVote(first=one.first, day=one.day, voters=one.voters) for one in days]
    return TurnoutShown(voters=voters, days=told)


@endpoint(bp, "GET", f"{ONE}/result", returns=BudgetResult)
def result(slug: str) -> BudgetResult:
    """Return the result, once it is published."""
    shown = editions.by_slug(slug)
    found = results.published(shown)
    return BudgetResult(
        ballots=found.voters,
        blank=found.protocol.blank,
        projects=[_outcome(shown, part, row) for part in found.parts for row in part.rows],
        contests=[_contest_result(shown, found, files) for files in found.files],
        lot=DrawnLot(commitment=found.lot.commitment, seed=found.lot.seed) if found.lot else None,
        ballots_sha256=found.ballots_sha256,
        protocol_sha256=found.protocol_sha256,
        url=url_for("participatory_budget_public.result", slug=slug, _external=True),
    )


def _edition(shown: Edition) -> BudgetEdition:
    return BudgetEdition(
        id=shown.id,
        slug=shown.slug,
        phase=editions.phase(shown),
        title=shown.title,
        summary=shown.summary,
        budget=_money(shown, shown.budget),
        categories=[
            BudgetCategory(
                key=each.key,
                name=each.name,
                money=_money(shown, each.envelope) if each.envelope is not None else None,
            )
            for each in shown.categories
        ],
        contests=[
            BudgetContest(
                key=each.key,
                name=contests.name_of(shown, each.key),
                money=_money(shown, each.budget),
            )
            for each in shown.contests
        ],
        opens_at=shown.opens_at,
        closes_at=shown.closes_at,
        url=url_for("participatory_budget_public.edition", slug=shown.slug, _external=True),
    )


def _project(shown: Edition, found: Project) -> BudgetProject:
    where = url_for(
        "participatory_budget_public.project", slug=shown.slug, number=found.number, _external=True
    )
    return BudgetProject(
        number=found.number,
        reference=found.reference,
        title=found.title,
        summary=found.summary,
        cost=_money(shown, found.cost),
        category=found.category,
        district=found.district,
        contest=found.district if shown.contests_by is ContestsBy.DISTRICT else CITYWIDE,
        url=where,
    )


def _with_ideas(slug: str) -> Edition:
    shown = editions.by_slug(slug)
    if not shows_ideas(shown):
        raise NotFound(_("The ideas of this edition are not shown."))
    return shown


def _idea(shown: Edition, found: Idea, written_by: Sequence[authors.Author]) -> BudgetIdea:
    where = url_for("participatory_budget_public.idea", slug=shown.slug, number=found.number, _external=True)
    return BudgetIdea(
        number=found.number or 0,
        title=found.title,
        text=found.text,
        language=found.language,
        authors=[one.name or _("A resident") for one in written_by],
        category=found.category,
        district=found.district,
        place=found.place,
        latitude=found.latitude,
        longitude=found.longitude,
        supports=found.supports if shows_supports(shown) else None,
        published_at=found.published_at,
        url=where,
    )


def _contest_result(shown: Edition, found: results.Results, files: results.Files) -> ContestResult:
    parts = found.parts_of(files.contest)
    return ContestResult(
        key=files.contest,
        name=files.name,
        money=_money(shown, sum(part.spending.money for part in parts)),
        spent=_money(shown, sum(part.spending.spent for part in parts)),
        ballots=files.ballots,
        blank=files.blank,
        ballots_sha256=files.ballots_sha256,
        protocol_sha256=files.protocol_sha256,
    )


def _outcome(shown: Edition, part: results.Part, row: results.Row) -> ProjectResult:
    return ProjectResult(
        number=row.project.number,
        contest=part.contest,
        title=row.project.title,
        cost=_money(shown, row.project.cost),
        votes=row.outcome.votes,
        points=result_columns.points(part.scale, row.outcome),
        majority_grade=result_columns.majority_grade(part.scale, row.outcome),
        grades=[
            GradeGiven(grade=grade, ballots=ballots)
            for grade, ballots in result_columns.grades(part.scale, row.outcome)
        ],
        rank=row.outcome.rank,
        funded=row.outcome.funded,
        reason=row.outcome.reason.code,
    )


def _money(shown: Edition, amount: int) -> Money:
    return Money(amount=amount, currency=shown.currency)
