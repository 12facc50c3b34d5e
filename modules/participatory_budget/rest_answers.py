"""What programs are told of the participatory budget, field by field."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.sdk import Answer, Instant, Money, Paging, Texts

from .rules.outcomes import ReasonCode
from .rules.phases import Phase


class BudgetCategory(Answer):
    """A theme, with its own money where each theme has some."""

    key: str
    name: Texts
    money: Money | None


class BudgetContest(Answer):
    """Projects that are counted alone, with money of their own: those of a district, or of the whole city (empty key)."""

    key: str
    name: str
    money: Money


class BudgetEdition(Answer):
    """One round of the participatory budget."""

    id: UUID
    slug: str
    phase: Phase
    title: Texts
    summary: Texts
    budget: Money
    categories: list[BudgetCategory]
    contests: Annotated[
        list[BudgetContest], Field(description="Empty where all projects stand in one contest.")
    ]
    opens_at: Instant | None
    closes_at: Instant | None
    url: str


class BudgetProject(Answer):
    """A project on the ballot; `number` is its place."""

    number: int
    reference: str
    title: Texts
    summary: Texts
    cost: Money
    category: str
    district: str
    contest: Annotated[str, Field(description="The key of its contest; empty for the whole city.")]
    url: str


class ProjectFilter(Paging):
    """Which projects are wanted."""

    category: Annotated[str | None, Field(max_length=80, pattern=r"^[^\u0000]*$")] = None
    district: Annotated[str | None, Field(max_length=80, pattern=r"^[^\u0000]*$")] = None


class ContestFilter(ProjectFilter):
    """Which projects are wanted, by contest as well."""

    contest: Annotated[
        str | None, Field(max_length=80, pattern=r"^[^\u0000]*$", description="Empty for the whole city.")
    ] = None


class DayOfVote(Answer):
    """How many people voted for the first time on one day of the city; days on which few did go with a neighbour."""

    first: Annotated[date, Field(description="The first of days that are counted together, else the day.")]
    day: date
    voters: int


class TurnoutShown(Answer):
    """How many people have voted; null while there are too few to say, or where nobody knows."""

    voters: int | None
    days: Annotated[list[DayOfVote], Field(description="Once the result is published.")]


class GradeGiven(Answer):
    """How many ballots gave a project one grade."""

    grade: str
    ballots: int


class ProjectResult(Answer):
    """What the count says of one project."""

    number: int
    contest: str
    title: Texts
    cost: Money
    votes: Annotated[int, Field(description="Ballots that name the project.")]
    points: Annotated[int | None, Field(description="Where voters gave points or an order.")]
    majority_grade: Annotated[
        str | None, Field(description="The grade that half of the ballots gave at least.")
    ]
    grades: Annotated[list[GradeGiven], Field(description="The lowest first; who gave none gave that one.")]
    rank: int | None
    funded: bool
    reason: ReasonCode


class ContestResult(Answer):
    """The result of one contest: its money, its ballots, and the digests of its files."""

    key: str
    name: str
    money: Money
    spent: Money
    ballots: int
    blank: int
    ballots_sha256: str
    protocol_sha256: str


class DrawnLot(Answer):
    """The seed of the lots; the lot of a project is the SHA-256 of "seed:number", and the lowest comes first."""

    commitment: Annotated[str, Field(description="The SHA-256 of the seed, published before the vote.")]
    seed: str


class BudgetResult(Answer):
    """A published result, with the digests of the files that prove it."""

    ballots: int
    blank: int
    projects: list[ProjectResult]
    contests: list[ContestResult]
    lot: Annotated[DrawnLot | None, Field(description="Where lots put projects with equal votes in order.")]
    ballots_sha256: str
    protocol_sha256: str
    url: str


class BudgetIdea(Answer):
    """An idea that everybody can read; `supports` is null where the number is not shown."""

    number: int
    title: str
    text: str
    language: str
    authors: list[str]
    category: str
    district: str
    place: str
    latitude: float | None
    longitude: float | None
    supports: int | None
    published_at: Instant | None
    url: str


class IdeaTold(Answer):
    """What is told of an idea."""

    id: UUID
    edition: str
    number: int
    title: str


class EditionTold(Answer):
    """What is told of an edition."""

    id: UUID
    slug: str
    title: Texts
