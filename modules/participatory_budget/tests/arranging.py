"""Editions as tests need them, made through the module's own services."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from app.sdk import Account, db, now
from modules.participatory_budget.models import Category, Edition
from modules.participatory_budget.rules.ballots import BallotType
from modules.participatory_budget.rules.marks import as_choices
from modules.participatory_budget.rules.outcomes import Method
from modules.participatory_budget.services import (
    casting,
    certifying,
    closing,
    counting,
    editions,
    projects,
    voters,
)

EURO = 100
WORDS = {
    "en": "Participatory budget 2026",
    "fr": "Budget participatif 2026",
    "hu": "Közösségi költségvetés 2026",
}
CATEGORIES = (("green", "Green city"), ("streets", "Streets"))


def approval(slug: str = "2026", *, each: int = 3, per_category: int = 5) -> Edition:
    """Return a vote in draft: two categories with €100 of their own, so many choices in each."""
    edition = _draft(slug, budget=200 * EURO)
    edition.max_per_category = each
    _categories(edition, envelope=100 * EURO)
    for key, name in CATEGORIES:
        for number in range(1, per_category + 1):
            _project(edition, f"{name} {number}", cost=((number - 1) % 5 + 1) * 20 * EURO, category=key)
    return edition


def knapsack(
    slug: str = "2026", *, budget: int = 100, costs: Sequence[int] = (60, 50, 40, 30, 120)
) -> Edition:
    """Return a vote in draft in which each voter spends `budget` euros; a project costs more than there is."""
    edition = _draft(slug, budget=budget * EURO)
    edition.ballot_type = BallotType.KNAPSACK
    _categories(edition, envelope=None)
    for place, cost in enumerate(costs, start=1):
        _project(
            edition, f"Project {place}", cost=min(cost, budget) * EURO, category=CATEGORIES[place % 2][0]
        )
    return edition


def opened(edition: Edition, *, days: int = 10) -> Edition:
    """Open a vote now, for so many days."""
    moment = now()
    edition.opens_at, edition.closes_at = moment, moment + timedelta(days=days)
    editions.show(edition.id)
    return editions.fix_ballot(edition.id)


def opened_as_it_is(edition: Edition, *, days: int = 10) -> Edition:
    """Open a vote that residents see already."""
    moment = now()
    edition.opens_at, edition.closes_at = moment, moment + timedelta(days=days)
    return editions.fix_ballot(edition.id)


def opening_at(edition: Edition, opens: datetime, *, days: int = 10) -> Edition:
    """Prepare a vote that opens later."""
    edition.opens_at, edition.closes_at = opens, opens + timedelta(days=days)
    editions.show(edition.id)
    return editions.fix_ballot(edition.id)


def edition_of(slug: str = "2026") -> Edition:
    """Return an edition, whatever its stage."""
    return db.session.scalars(select(Edition).where(Edition.slug == slug)).one()


def person(email: str) -> Account:
    """Return an account by its address."""
    return db.session.scalars(select(Account).where(Account.email == email)).one()


def voter(email: str, edition: Edition | None = None) -> voters.Voter:
    """Return somebody with an account as a voter."""
    return voters.by_account(edition or edition_of(), person(email))


def cast(edition: Edition, ballots: Iterable[tuple[Account, Sequence[int]]]) -> None:
    """Put a first ballot into the box for each person."""
    for account, choices in ballots:
        casting.cast(
            edition,
            voters.by_account(edition, account),
            as_choices(choices),
            seen_version=0,
            key=account.email,
        )


def closed(edition: Edition) -> Edition:
    """Close a vote at once, and seal it as the worker does, which asks for the count."""
    closing.close_now(edition.id)
    closing.seal_and_count(edition.id)
    return edition


def published(edition: Edition) -> Edition:
    """Publish a counted result that two people have signed."""
    certified(edition)
    return certifying.publish_result(edition.id)


def certified(edition: Edition) -> None:
    """Have two people sign a counted result."""
    for number, name in enumerate(("Ada", "Béla"), start=1):
        seen = certifying.digest_of(counting.finished(edition))
        certifying.certify(edition.id, certifying.Signer(UUID(int=number), name), seen)


def stopping(edition: Edition) -> Edition:
    """Let the count of an edition end at the first project that does not fit."""
    edition.method = Method.GREEDY_STOP
    return edition


def _draft(slug: str, *, budget: int) -> Edition:
    edition = editions.create(slug, dict(WORDS))
    edition.summary = {"en": "You decide what is built.", "fr": "Vous décidez.", "hu": "Ön dönt."}
    edition.budget = budget
    return edition


def _categories(edition: Edition, *, envelope: int | None) -> None:
    made = [
        Category(key=key, name={"en": name, "fr": name, "hu": name}, envelope=envelope)
        for key, name in CATEGORIES
    ]
    editions.set_categories(edition, made)


def _project(edition: Edition, title: str, *, cost: int, category: str) -> None:
    texts = projects.ProjectTexts(title={"en": title, "fr": title, "hu": title}, cost=cost, category=category)
    projects.add(edition.id, texts)
