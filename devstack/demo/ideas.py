"""Editions that take ideas or examine them, with what residents and the town hall have said so far."""

import secrets
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from app.accounts.models import Account, Role
from app.accounts.services import create_confirmed
from app.core.clock import from_local, now, today
from app.core.context import current_city
from app.core.db import db
from app.core.ids import new_id
from devstack.demo import content
from modules.participatory_budget.models import (
    Category,
    CostEstimate,
    Department,
    DepartmentOpinion,
    District,
    Edition,
    Examination,
    Idea,
    IdeaAuthor,
    IdeaComment,
    IdeaDecision,
    IdeaEvent,
    IdeaSupport,
)
from modules.participatory_budget.rules.feasibility.steps import Step, Verdict
from modules.participatory_budget.rules.ideas.rules import IdeaRules, write_idea_rules
from modules.participatory_budget.rules.ideas.states import Happening, IdeaState, Joining
from modules.participatory_budget.rules.moderation.decisions import Decision
from modules.participatory_budget.rules.schedule import Part, Span, write_schedule
from modules.participatory_budget.services import editions
from modules.participatory_budget.services.feasibility import settings
from modules.participatory_budget.services.finding import find_ideas

_Table = dict[str, Any]
TITLES = {
    "paris": {"fr": "Budget participatif 2027", "en": "Participatory budget 2027"},
    "budapest": {"hu": "Közösségi költségvetés 2026", "en": "Participatory budget 2026"},
}
SUMMARIES = {
    "paris": {
        "fr": "Proposez une idée, discutez celles des autres et soutenez celles qui comptent pour vous.",
        "en": "Bring an idea, discuss those of others and support those that matter to you.",
    },
    "budapest": {
        "hu": "Az ötletek beérkeztek: most a hivatal nézi meg, melyik valósítható meg, és mennyiért.",
        "en": "The ideas are in: the city hall now looks into what can be done, and at what cost.",
    },
}
BUDGETS = {"paris": 6_000_000, "budapest": 1_000_000_000}
CATEGORIES = {
    "nature": {"fr": "Nature", "en": "Nature"},
    "streets": {"fr": "Rues", "en": "Streets", "hu": "Utcák"},
    "culture": {"fr": "Culture et sport", "en": "Culture and sport", "hu": "Kultúra és sport"},
    "solidarity": {"fr": "Solidarité", "en": "Solidarity"},
    "green": {"hu": "Zöld város", "en": "Green city"},
}


def load(slug: str) -> None:
    """Make the city's edition with ideas, if its data have one."""
    given = content.ideas(slug)
    if not given:
        return
    edition = _edition(slug, given["idea"])
    people = _people(edition, given["idea"])
    made = [_idea(edition, people, one, number) for number, one in enumerate(given["idea"], start=1)]
    for said in given.get("comment", ()):
        _comment(made[said["idea"] - 1], people, said)
    if departments := content.departments(slug):
        _examine(edition, made, given["idea"], departments)
    find_ideas(edition)


def _edition(slug: str, ideas: list[_Table]) -> Edition:
    key = TITLES[slug]["en"].rsplit(" ", 1)[1]
    edition = editions.create(key, dict(TITLES[slug]))
    edition.summary, edition.budget = dict(SUMMARIES[slug]), BUDGETS[slug] * 100
    keys = dict.fromkeys(one["category"] for one in ideas)
    editions.set_categories(edition, [Category(key=one, name=dict(CATEGORIES[one])) for one in keys])
    city = next(one for one in content.cities() if one.slug == slug)
    used = {one["district"] for one in ideas}
    for position, name in enumerate(one for one in city.districts if one in used):
        edition.districts.append(District(key=name, name=name, position=position))
    edition.outlines = content.outlines(slug)
    edition.idea_rules = write_idea_rules(replace(IdeaRules(), threshold=100, most_supports=10))
    edition.schedule = write_schedule(_phases(examines=bool(content.departments(slug))))
    db.session.flush()
    editions.show(edition.id)
    return edition


def _phases(*, examines: bool) -> dict[Part, Span]:
    def span(first: int, last: int) -> Span:
        days = (today() + timedelta(days=each) for each in (first, last))
        begins, ends = (from_local(datetime.combine(day, time(0))) for day in days)
        return Span(begins, ends)

    if examines:
        return {
            Part.IDEAS: span(-90, -60),
            Part.SUPPORT: span(-80, -45),
            Part.FEASIBILITY: span(-44, 20),
            Part.DRAFTING: span(20, 40),
        }
    return {
        Part.IDEAS: span(-22, 20),
        Part.CO_CONSTRUCTION: span(-22, 20),
        Part.SUPPORT: span(-22, 34),
        Part.FEASIBILITY: span(35, 90),
    }


def _people(edition: Edition, ideas: list[_Table]) -> dict[str, Account]:
    """Return everybody who speaks, by name: residents of the demonstration, most without a password."""
    city = next(one for one in content.cities() if one.slug == current_city().slug)
    known = {one.name: one for one in db.session.scalars(select(Account)).all()}
    names = dict.fromkeys(name for one in ideas for name in (one["author"], *one.get("with", ())))
    for number, name in enumerate(name for name in names if name not in known):
        address = f"resident{number + 1}@{city.slug}.example"
        made = create_confirmed(address, name, role=Role.RESIDENT, language=city.languages[0])
        made.created_at = now() - timedelta(days=200)
        known[name] = made
    db.session.flush()
    return known


def _idea(edition: Edition, people: dict[str, Account], given: _Table, number: int) -> Idea:
    at = _daytime(given["days_ago"], number)
    state = IdeaState(given.get("state", "published"))
    author = people[given["author"]]
    shown = at + timedelta(hours=5) if state is IdeaState.PUBLISHED else None
    latitude, longitude = _point(given["district"], number) or (None, None)
    idea = Idea(
        id=new_id(),
        edition_id=edition.id,
        number=number,
        state=state,
        title=given["title"],
        text=given["text"],
        language=author.language,
        category=given["category"],
        district=given["district"],
        place=given.get("place", ""),
        latitude=latitude if given.get("place") else None,
        longitude=longitude if given.get("place") else None,
        author_id=author.id,
        author_name=author.name,
        doubts=list(given.get("doubts", ())),
        supports=given.get("supports", 0),
        created_at=at,
        changed_at=at,
        submitted_at=at,
        published_at=shown,
    )
    db.session.add(idea)
    db.session.flush()
    _happened(idea, Happening.HANDED_IN, at)
    if shown is not None:
        _happened(idea, Happening.PUBLISHED, shown)
    for name in given.get("with", ()):
        _joined(idea, people[name], at + timedelta(days=1))
    if reason := given.get("reason"):
        _refused(idea, reason, at + timedelta(days=2))
    _support(edition, idea)
    return idea


def _daytime(days_ago: int, number: int) -> datetime:
    """Return a time of so many days ago at which people are awake."""
    day = today() - timedelta(days=days_ago)
    return from_local(datetime.combine(day, time(8 + number % 10, number * 7 % 60)))


def _happened(idea: Idea, kind: Happening, at: datetime, note: dict[str, str] | None = None) -> None:
    db.session.add(IdeaEvent(idea_id=idea.id, kind=kind, happened_at=at, note=note or {}))


def _joined(idea: Idea, account: Account, at: datetime) -> None:
    joined = {"state": Joining.ACCEPTED, "account_id": account.id, "name": account.name}
    db.session.add(IdeaAuthor(idea_id=idea.id, invited_at=at, answered_at=at, **joined))
    _happened(idea, Happening.AUTHOR_JOINED, at)


def _refused(idea: Idea, reason: dict[str, str], at: datetime) -> None:
    by = db.session.scalars(select(Account.id).where(Account.role == Role.EDITOR)).first()
    db.session.add(
        IdeaDecision(
            idea_id=idea.id, decision=Decision.REFUSE, decided_by=by, decided_at=at, reason=dict(reason)
        )
    )
    _happened(idea, Happening.REFUSED, at, dict(reason))


def _support(edition: Edition, idea: Idea) -> None:
    """Let so many people support an idea under names that belong to nobody."""
    rows = [
        {"idea_id": idea.id, "edition_id": edition.id, "supporter": secrets.token_bytes(32), "place": 1}
        for _each in range(idea.supports)
    ]
    if rows:
        db.session.execute(insert(IdeaSupport), rows)


def _comment(idea: Idea, people: dict[str, Account], given: _Table) -> None:
    author = people[given["author"]]
    before = select(IdeaComment.id).where(IdeaComment.idea_id == idea.id, IdeaComment.parent_id.is_(None))
    parent = db.session.scalars(before.order_by(IdeaComment.written_at.desc())).first()
    db.session.add(
        IdeaComment(
            idea_id=idea.id,
            parent_id=parent if given.get("answers") else None,
            account_id=author.id,
            author_name=author.name,
            text=given["text"],
            language=author.language,
            written_at=_daytime(given["days_ago"], len(given["text"])),
        )
    )
    db.session.flush()


def _point(district: str, number: int) -> tuple[float, float] | None:
    """Return a place within a district, a little apart from those of other ideas."""
    features: Any = content.outlines(current_city().slug)["features"]
    ring = next(
        (one["geometry"]["coordinates"][0][0] for one in features if one["properties"]["name"] == district),
        None,
    )
    if ring is None:
        return None
    west, south = min(x for x, _y in ring), min(y for _x, y in ring)
    east, north = max(x for x, _y in ring), max(y for _x, y in ring)
    share = 0.35 + 0.3 * (number * 7 % 10) / 10
    return south + (north - south) * share, west + (east - west) * (1 - share)


def _examine(edition: Edition, ideas: list[Idea], given: list[_Table], departments: list[_Table]) -> None:
    settings.add_usual_criteria(edition.id)
    asked = [
        settings.save_department(
            edition.id, settings.DepartmentTexts(dict(one["name"]), one["days"], tuple(one["people"]))
        )
        for one in departments
    ]
    chief = db.session.scalars(select(Account.id).where(Account.role == Role.ADMINISTRATOR)).first()
    for idea, one in zip(ideas, given, strict=True):
        if one.get("step"):
            _case(edition, idea, one, asked, chief)
    db.session.flush()


def _case(
    edition: Edition, idea: Idea, given: _Table, departments: list[Department], chief: UUID | None
) -> None:
    step, begun = Step(given["step"]), now() - timedelta(days=40)
    case = Examination(idea_id=idea.id, edition_id=edition.id, step=step, begun_at=begun)
    db.session.add(case)
    if step is Step.OPINIONS:
        for place, one in enumerate(departments):
            due = today() + timedelta(days=-6 if given.get("overdue") and place == 0 else 9 + 4 * place)
            db.session.add(
                DepartmentOpinion(
                    idea_id=idea.id, department_id=one.id, round=1, asked_at=begun, asked_by=chief, due_on=due
                )
            )
    if cost := given.get("cost"):
        made = begun + timedelta(days=10)
        db.session.add(CostEstimate(idea_id=idea.id, amount=cost * 100, made_by=chief, made_at=made))
    if verdict := given.get("verdict"):
        told = now() - timedelta(days=5)
        case.verdict = case.told_verdict = Verdict(verdict)
        case.opinion = case.told_opinion = dict(given["opinion"])
        case.decided_at, case.published_at = told - timedelta(days=2), told
        case.decided_by = case.first_decided_by = chief
        case.appeal_until = told + timedelta(days=14)
        _happened(idea, Happening(verdict if verdict != "with_changes" else "feasible"), told)
