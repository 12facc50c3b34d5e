"""Votes with points, ranks and grades, in one contest or by district."""

from collections.abc import Sequence

from app.sdk import db
from modules.participatory_budget.models import Contest, District, Edition
from modules.participatory_budget.rules.ballots import BallotType
from modules.participatory_budget.rules.contests import ContestsBy
from modules.participatory_budget.rules.outcomes import Method
from modules.participatory_budget.services import editions, projects
from modules.participatory_budget.tests import arranging

EURO = arranging.EURO
GRADES = ["not-convinced", "why-not", "like", "love"]


def points(slug: str = "2026", *, total: int = 10, most: int = 6, number: int = 5) -> Edition:
    """Return a vote in draft in which each voter shares out points."""
    edition = _plain(slug, number)
    edition.ballot_type = BallotType.POINTS
    edition.balloting = {"points": total, "max_points": most}
    return edition


def ranked(slug: str = "2026", *, places: int | None = 3, number: int = 5) -> Edition:
    """Return a vote in draft in which each voter puts projects in order."""
    edition = _plain(slug, number)
    edition.ballot_type, edition.max_choices = BallotType.RANKED, places
    return edition


def judged(slug: str = "2026", *, mark_all: bool = False, number: int = 5) -> Edition:
    """Return a vote in draft with the four grades of Paris."""
    edition = _plain(slug, number)
    edition.ballot_type, edition.method = BallotType.JUDGEMENT, Method.MAJORITY_JUDGEMENT
    edition.balloting = {"grades": GRADES, "mark_all": mark_all}
    return edition


def by_district(
    edition: Edition, names: Sequence[str] = ("North", "South"), *, each: int = 3, citywide: bool = True
) -> Edition:
    """Divide a vote in draft: its projects stay those of the whole city, each district gets some of its own."""
    edition.contests_by = ContestsBy.DISTRICT
    if citywide:
        edition.contests.append(Contest(key="", position=0, budget=edition.budget))
    for position, name in enumerate(names, start=1):
        key = name.lower()
        edition.districts.append(District(key=key, name=name, position=position))
        edition.contests.append(Contest(key=key, position=position, budget=100 * EURO))
    edition.budget = sum(contest.budget for contest in edition.contests)
    db.session.flush()
    for name in names:
        for number in range(1, each + 1):
            add(edition, f"{name} {number}", district=name.lower())
    return edition


def add(edition: Edition, title: str, *, cost: int = 40 * EURO, district: str = "") -> None:
    """Put a project on the paper."""
    texts = projects.ProjectTexts(
        title={"en": title, "fr": title, "hu": title}, cost=cost, category="", district=district
    )
    projects.add(edition.id, texts)


def _plain(slug: str, number: int) -> Edition:
    edition = editions.create(slug, dict(arranging.WORDS))
    edition.summary = {"en": "You decide what is built.", "fr": "Vous décidez.", "hu": "Ön dönt."}
    edition.budget = 100 * EURO
    for place in range(1, number + 1):
        add(edition, f"Project {place}", cost=place * 20 * EURO)
    return edition
