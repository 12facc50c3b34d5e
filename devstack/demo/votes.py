"""The votes of the demonstration cities: one counted, one open, one to come."""

import io
import random
import secrets
import tempfile
from collections import Counter
from datetime import date, datetime, time, timedelta

from sqlalchemy import insert, update

from app.core.clock import from_local, now, today
from app.core.context import current_city
from app.core.db import db
from devstack.demo import ballots, content
from modules.participatory_budget.models import (
    Ballot,
    Category,
    District,
    Edition,
    Project,
    RollEntry,
    Turnout,
)
from modules.participatory_budget.rules.ballots import BallotType, encode_choices
from modules.participatory_budget.rules.outcomes import Method
from modules.participatory_budget.services import counting, editions, importing, projects

METHODS = {content.Rule.SKIP: Method.GREEDY_SKIP, content.Rule.STOP: Method.GREEDY_STOP}


def load(slug: str) -> None:
    """Make the city's edition in the state its data say."""
    given = content.edition(slug)
    edition = _imported(slug, given) if given.state is content.State.CLOSED else _prepared(slug, given)
    _texts(edition, given)
    if given.state is content.State.CLOSED:
        counting.start_again(edition.id)
        return
    editions.show(edition.id)
    if given.state is content.State.OPEN:
        editions.fix_ballot(edition.id)
        _cast(edition)


def _imported(slug: str, given: content.Edition) -> Edition:
    """Import the edition through its `.pb` file, as a city would."""
    titles = {str(p.number): dict(p.title) for p in content.projects(slug)}
    texts = importing.ImportTexts(
        given.key,
        title=dict(given.name),
        max_per_category=given.max_per_category,
        envelopes={c.key: c.budget_minor for c in given.categories if c.budget_minor is not None},
        titles=titles,
    )
    with tempfile.TemporaryFile() as file:
        writer = io.TextIOWrapper(file, encoding="utf-8", newline="")
        ballots.write_pb(writer)
        writer.flush()
        file.seek(0)
        edition = importing.import_pb(file, texts)
    db.session.flush()
    names = {category.key: category for category in given.categories}
    for category in edition.categories:
        category.name, category.summary = (
            dict(names[category.key].name),
            dict(names[category.key].explanation),
        )
    for project in content.projects(slug):
        mine = update(Project).where(
            Project.edition_id == edition.id, Project.reference == str(project.number)
        )
        db.session.execute(mine.values(district=project.district))
    _districts(edition, [p.district for p in content.projects(slug)])
    return edition


def _prepared(slug: str, given: content.Edition) -> Edition:
    edition = editions.create(given.key, dict(given.name))
    edition.budget = given.budget_minor
    edition.ballot_type = BallotType(given.ballot)
    edition.max_choices, edition.max_per_category = given.max_choices, given.max_per_category
    edition.opens_at, edition.closes_at = _window(given.days(today()))
    editions.set_categories(edition, [_category(category) for category in given.categories])
    _districts(edition, [p.district for p in content.projects(slug)])
    for project in sorted(content.projects(slug), key=lambda p: p.number):
        projects.add(
            edition.id,
            projects.ProjectTexts(
                title=dict(project.title),
                summary=dict(project.summary),
                cost=project.cost_minor,
                category=project.category,
                district=project.district,
            ),
        )
    return edition


def _texts(edition: Edition, given: content.Edition) -> None:
    edition.title, edition.summary = dict(given.name), dict(given.summary)
    edition.description, edition.source = dict(given.description), dict(given.source)
    edition.result_note = dict(given.result_note)
    edition.method = METHODS[given.rule]


def _category(given: content.Category) -> Category:
    return Category(
        key=given.key, name=dict(given.name), summary=dict(given.explanation), envelope=given.budget_minor
    )


def _districts(edition: Edition, names: list[str]) -> None:
    used = set(names) - {""}
    ordered = [d for d in _city_districts() if d in used]
    for position, name in enumerate([*ordered, *sorted(used - set(ordered))]):
        edition.districts.append(District(key=name, name=name, position=position))
    edition.outlines = content.outlines(current_city().slug)
    db.session.flush()


def _city_districts() -> tuple[str, ...]:
    return next(city.districts for city in content.cities() if city.slug == current_city().slug)


def _window(days: tuple[date, date]) -> tuple[datetime, datetime]:
    first, last = days
    return from_local(datetime.combine(first, time(8))), from_local(datetime.combine(last, time(18)))


def _cast(edition: Edition) -> None:
    """Put generated ballots into the box of an open vote, spread over the days since it opened."""
    dice = random.Random(11)
    cast = list(ballots.paris_ballots())
    rows = [
        {
            "edition_id": edition.id,
            "slot": secrets.token_bytes(32),
            "version": 1,
            "choices": encode_choices(ballot.choices),
            "leaf": secrets.token_bytes(32),
        }
        for ballot in cast
    ]
    db.session.execute(insert(Ballot), rows)
    db.session.execute(
        insert(RollEntry), [{"edition_id": edition.id, "voter": secrets.token_bytes(32)} for _ in cast]
    )
    opened = edition.opens_at or now()
    hours = max(1, int((now() - opened) / timedelta(hours=1)))
    spread = Counter(dice.randrange(hours) for _ in cast)
    start = opened.replace(minute=0, second=0, microsecond=0)
    counted = [
        {"edition_id": edition.id, "hour": start + timedelta(hours=hour), "voters": voters}
        for hour, voters in sorted(spread.items())
    ]
    db.session.execute(insert(Turnout), counted)
