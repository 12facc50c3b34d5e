"""What became of some chosen projects of the counted edition: steps, money and news, one of them late."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from app.core.clock import now, today
from modules.participatory_budget.models import Edition, Realisation
from modules.participatory_budget.rules.realisation.progress import State
from modules.participatory_budget.services.realisation import boards, money, news

DEPARTMENTS = ("Főkert", "Közlekedési Központ", "Szociális Főosztály")
NEWS = (
    news.Texts(
        {"hu": "Elkészültek a tervek", "en": "The plans are ready"},
        {
            "hu": "A környékbeliek kétszer szóltak hozzá a vázlatokhoz. A végleges terv a kerületben megnézhető.",
            "en": "Neighbours discussed the drafts twice. The final plan can be seen at the district office.",
        },
    ),
    news.Texts(
        {"hu": "Kezdődik a munka", "en": "Work begins"},
        {
            "hu": "A kivitelező átvette a területet. A munka alatt a gyalogosok végig elférnek mellette.",
            "en": "The contractor has taken over the site. There is room for pedestrians throughout.",
        },
    ),
)


def load(edition: Edition) -> None:
    """Say how far four of the chosen projects are; the others stay planned."""
    boards.begin(edition.id)
    numbers = [one.project.number for one in boards.boards(edition)]
    for place, (number, reached) in enumerate(zip(numbers, (5, 3, 2, 1), strict=False)):
        _steps(edition, number, reached, DEPARTMENTS[place % len(DEPARTMENTS)])
        _pay(edition, boards.board(edition, number), number, reached)
        for age, told in zip((95, 30), NEWS[: 2 if reached > 2 else 1], strict=False):
            published = news.publish(edition, number, told)
            published.published_at = now() - timedelta(days=age + 3 * place)


def _steps(edition: Edition, number: int, reached: int, department: str) -> None:
    """Reach so many steps, two months apart; the project with two of them reached is late."""
    one = boards.board(edition, number)
    first = today() - timedelta(days=60 * reached + 20)
    days: dict[UUID, tuple[date | None, date | None]] = {}
    for place, step in enumerate(one.milestones):
        planned = first + timedelta(days=60 * place + (0 if reached == 2 else 45))
        actual = first + timedelta(days=60 * place) if place < reached else None
        days[step.id] = (planned, actual)
    standing = replace(boards.standing_of(one), state=State.UNDER_WAY, department=department, days=days)
    boards.change(edition, number, standing)


def _pay(edition: Edition, one: Realisation, number: int, reached: int) -> None:
    for place in range(reached):
        entry = money.Entry(
            day=(now() - timedelta(days=50 * (reached - place))).date(),
            amount=one.budgeted * (8 + 6 * place) // 100,
            what=("Tervezés", "Engedélyek", "Anyagok", "Kivitelezés", "Átadás")[place],
        )
        money.spend(edition, number, entry)
