"""Editions from `.pb` files: read as a stream, stored whole or not at all."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice

from sqlalchemy import insert

from app.sdk import Invalid, Localized, _, audit, current_city, db, from_local, minor_digits, now

from ..models import Category, Edition, Project, SealedBallot
from ..rules.ballots import Option, Problem, ProblemCode, check_choices, encode_choices
from ..rules.pabulib.errors import PbError
from ..rules.pabulib.parts import PbBallot, PbFile, PbHeader
from ..rules.pabulib.reader import read
from ..rules.pabulib.rows import LineSource
from .editions import create
from .rules_of import ballot_rule
from .wording import category_name, pb_error_text, problem_text

CHUNK = 5000
LONGEST_ID, LONGEST_CATEGORY = 40, 80
LARGEST_NUMBER = 2**31 - 1
YEARS = range(1900, 3000)


@dataclass(frozen=True, slots=True)
class ImportTexts:
    """What the file does not say; envelopes in minor units by the category names of the file."""

    slug: str
    title: Localized = field(default_factory=dict)
    max_per_category: int | None = None
    envelopes: Mapping[str, int] = field(default_factory=dict)
    titles: Mapping[str, Localized] = field(default_factory=dict)
    """Titles by the file's project id, where the city has them in several languages."""


def import_pb(stream: LineSource, texts: ImportTexts) -> Edition:
    """Store the edition in an open `.pb` file, with its ballots sealed; raises Invalid with line, column and reason.

    The transaction must be rolled back when this raises: nothing of a wrong file may stay.
    """
    try:
        file = read(stream, minor_digits=minor_digits(current_city().currency))
        edition = _edition(file.header, texts)
        number = _ballots(edition, file)
    except PbError as error:
        raise Invalid(pb_error_text(error)) from error
    audit("participatory_budget.imported", subject=f"edition:{edition.id}", ballots=number)
    return edition


def _edition(header: PbHeader, texts: ImportTexts) -> Edition:
    if not header.vote_type.is_counted:
        raise Invalid(_("Ballots of the type “%(type)s” cannot be counted here yet.", type=header.vote_type))
    currency = header.meta.get("currency", current_city().currency)
    if currency != current_city().currency:
        raise Invalid(
            _(
                "The file is in %(file)s, the city counts in %(city)s.",
                file=currency,
                city=current_city().currency,
            )
        )
    _must_fit(header)
    first = current_city().language
    name = header.meta.get("description") or header.meta.get("unit") or texts.slug
    edition = create(texts.slug, {first: name, **texts.title})
    edition.imported, edition.budget = True, header.budget
    edition.max_choices = header.max_choices or (1 if header.vote_type == "choose-1" else None)
    edition.max_per_category = texts.max_per_category
    edition.opens_at = _midnight(header.begins)
    edition.closes_at = _midnight(header.ends + timedelta(days=1) if header.ends else None)
    edition.sealed_at = now()
    _categories(edition, header, texts)
    _projects(edition, header, texts)
    return edition


def _must_fit(header: PbHeader) -> None:
    """Refuse what a valid file can say and no edition can hold, rather than cut it short."""
    for project in header.projects:
        if len(project.id) > LONGEST_ID:
            raise Invalid(
                _(
                    "The number of project %(id)s is longer than %(most)s characters.",
                    id=project.id,
                    most=LONGEST_ID,
                )
            )
        if len(project.category) > LONGEST_CATEGORY:
            name = project.category
            raise Invalid(
                _(
                    "The category %(name)s is longer than %(most)s characters.",
                    name=name,
                    most=LONGEST_CATEGORY,
                )
            )
    numbers = [header.max_choices, *(n for p in header.projects for n in (p.selected, p.votes))]
    if (largest := max(filter(None, numbers), default=0)) > LARGEST_NUMBER:
        raise Invalid(_("%(number)s is too large a number.", number=largest))
    for day in filter(None, (header.begins, header.ends)):
        if day.year not in YEARS:
            raise Invalid(_("The vote cannot have been in the year %(year)s.", year=day.year))


def _categories(edition: Edition, header: PbHeader, texts: ImportTexts) -> None:
    first = current_city().language
    names = dict.fromkeys(project.category for project in header.projects if project.category)
    if strangers := texts.envelopes.keys() - names.keys():
        raise Invalid(_("The file has no category %(name)s.", name=sorted(strangers)[0]))
    for position, name in enumerate(names):
        envelope = texts.envelopes.get(name)
        category = Category(key=name, position=position, name={first: name}, envelope=envelope)
        edition.categories.append(category)
    db.session.flush()


def _projects(edition: Edition, header: PbHeader, texts: ImportTexts) -> None:
    first = current_city().language
    rows = [
        {
            "edition_id": edition.id,
            "number": project.number,
            "reference": project.id,
            "title": texts.titles.get(project.id) or {first: project.name or project.id},
            "cost": project.cost,
            "category": project.category,
            "official_selected": project.selected,
            "official_votes": project.votes,
        }
        for project in header.projects
    ]
    db.session.execute(insert(Project), rows)


def _ballots(edition: Edition, file: PbFile) -> int:
    checked = _checked(edition, file)
    stored = 0
    while batch := [encode_choices(ballot.choices) for ballot in islice(checked, CHUNK)]:
        rows = [
            {"edition_id": edition.id, "position": stored + place, "choices": choices}
            for place, choices in enumerate(batch, start=1)
        ]
        db.session.execute(insert(SealedBallot), rows)
        stored += len(batch)
    return stored


def _checked(edition: Edition, file: PbFile) -> Iterator[PbBallot]:
    rule = ballot_rule(edition)
    paper = [Option(p.number, p.cost, p.category) for p in file.header.projects]
    for ballot in file.ballots:
        problems = check_choices(ballot.choices, paper, rule)
        if problems:
            raise Invalid(_refusal(ballot, problems[0], edition))
        yield ballot


def _refusal(ballot: PbBallot, problem: Problem, edition: Edition) -> str:
    """Return which ballot breaks the rule, and how, in a sentence for whoever has the file."""
    line, column = ballot.place
    match problem.code:
        case ProblemCode.EMPTY:
            return _(
                "Line %(line)s, column %(column)s: the ballot of voter %(voter)s names no project.",
                line=line,
                column=column,
                voter=ballot.voter,
            )
        case ProblemCode.TOO_MANY_IN_CATEGORY:
            return _(
                "Line %(line)s, column %(column)s: the ballot of voter %(voter)s names %(chosen)s projects "
                "in the category %(category)s, at most %(limit)s are allowed.",
                line=line,
                column=column,
                voter=ballot.voter,
                chosen=problem.chosen,
                category=category_name(edition, problem.category),
                limit=problem.limit,
            )
        case _:
            reason = problem_text(problem, edition)
            return _("Line %(line)s, column %(column)s: %(reason)s", line=line, column=column, reason=reason)


def _midnight(day: date | None) -> datetime | None:
    return from_local(datetime.combine(day, time(), tzinfo=UTC).replace(tzinfo=None)) if day else None
