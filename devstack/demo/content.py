"""What the demonstration cities are filled with: texts and figures from the data folder, as values."""

import csv
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parent / "data"
_GEO = Path(__file__).parent / "geo"
_MINOR = 100  # forint, euro and dollar all have a hundredth (ISO 4217)

Texts = Mapping[str, str]
_Table = dict[str, Any]


class State(StrEnum):
    """Where a demonstration vote stands."""

    UPCOMING = "upcoming"
    OPEN = "open"
    CLOSED = "closed"


class BallotKind(StrEnum):
    """What a voter does: mark a number of projects, or spend up to a limit."""

    APPROVAL = "approval"
    KNAPSACK = "knapsack"


class Rule(StrEnum):
    """What the count does, most votes first, with a project that does not fit: end there or pass over it."""

    STOP = "stop"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody a visitor can sign in as."""

    role: str
    name: str
    email: str
    language: str


@dataclass(frozen=True, slots=True)
class DemoCity:
    """A city as the loader creates it; `prepared_modules` are filled, then switched off again."""

    slug: str
    name: str
    languages: tuple[str, ...]
    time_zone: str
    currency: str
    brand: str
    hero: str
    contact_email: str
    tagline: Texts
    districts: tuple[str, ...]
    modules: tuple[str, ...]
    prepared_modules: tuple[str, ...]
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Category:
    """A group of projects; `budget` is its own share in whole units, None when all share one budget."""

    key: str
    name: Texts
    explanation: Texts
    budget: int | None

    @property
    def budget_minor(self) -> int | None:
        """Return the share in minor units."""
        return None if self.budget is None else self.budget * _MINOR


@dataclass(frozen=True, slots=True)
class Edition:
    """One vote; either its days are dates, or they are counted from the day it is loaded."""

    key: str
    state: State
    ballot: BallotKind
    rule: Rule
    budget: int
    name: Texts
    summary: Texts
    description: Texts
    source: Texts
    result_note: Texts
    categories: tuple[Category, ...]
    max_per_category: int | None
    max_choices: int | None
    spending_limit: int | None
    demo_ballots: int
    first_day: date | int
    last_day: date | int

    @property
    def budget_minor(self) -> int:
        """Return the budget in minor units."""
        return self.budget * _MINOR

    @property
    def spending_limit_minor(self) -> int | None:
        """Return what one ballot may cost in minor units; None when it has no such limit."""
        return None if self.spending_limit is None else self.spending_limit * _MINOR

    def days(self, today: date) -> tuple[date, date]:
        """Return the first and the last day of voting, both included, for a city loaded `today`."""
        return _day(self.first_day, today), _day(self.last_day, today)


@dataclass(frozen=True, slots=True)
class Project:
    """One line on the ballot; `votes` and `selected` are None where nothing has been counted."""

    number: int
    cost: int
    category: str
    district: str
    title: Texts
    summary: Texts
    votes: int | None = None
    selected: bool | None = None

    @property
    def cost_minor(self) -> int:
        """Return the cost in minor units."""
        return self.cost * _MINOR


@dataclass(frozen=True, slots=True)
class Article:
    """A piece of news, its body in Markdown; `published` is a date or days before it is loaded."""

    slug: str
    title: Texts
    summary: Texts
    body: Texts
    published: date | int

    def published_on(self, today: date) -> date:
        """Return the day of publication for a city loaded `today`."""
        return _day(self.published, today)


@cache
def cities() -> tuple[DemoCity, ...]:
    """Return the demonstration cities in the order in which the platform shows them."""
    return tuple(_city(table) for table in _read("cities.toml")["city"])


@cache
def edition(slug: str) -> Edition:
    """Return the vote of a city; raises FileNotFoundError when there is no such city."""
    table = _read(f"{slug}/edition.toml")
    return Edition(
        key=table["key"],
        state=State(table["state"]),
        ballot=BallotKind(table["ballot"]),
        rule=Rule(table["rule"]),
        budget=table["budget"],
        name=table["name"],
        summary=table["summary"],
        description=_stripped(table["description"]),
        source=table["source"],
        result_note=table.get("result_note", {}),
        categories=tuple(_category(each) for each in table["category"]),
        max_per_category=table.get("max_per_category"),
        max_choices=table.get("max_choices"),
        spending_limit=table.get("spending_limit"),
        demo_ballots=table.get("demo_ballots", 0),
        first_day=table["opens"] if "opens" in table else table["opens_in_days"],
        last_day=table["closes"] if "closes" in table else table["closes_in_days"],
    )


@cache
def projects(slug: str) -> tuple[Project, ...]:
    """Return the projects on a city's ballot, by number."""
    counted = _DATA / slug / "projects.csv"
    if counted.exists():
        with counted.open(encoding="utf-8", newline="") as lines:
            return tuple(_counted_project(row) for row in csv.DictReader(lines))
    return tuple(_project(table) for table in _read(f"{slug}/projects.toml")["project"])


@cache
def articles(slug: str) -> tuple[Article, ...]:
    """Return the news of a city, newest first."""
    return tuple(_article(table) for table in _read(f"{slug}/news.toml")["article"])


@cache
def ideas(slug: str) -> dict[str, list[_Table]]:
    """Return the ideas of a city with the comments to them; nothing where it takes none."""
    return _read_if_there(f"{slug}/ideas.toml")


@cache
def departments(slug: str) -> list[_Table]:
    """Return the parts of the town hall that examine ideas; none where ideas are still taken."""
    found: list[_Table] = _read_if_there(f"{slug}/departments.toml").get("department", [])
    return found


@cache
def open_vote(slug: str) -> _Table:
    """Return the vote with marks of a city; nothing where it has none."""
    return _read_if_there(f"{slug}/open_vote.toml")


@cache
def past_vote(slug: str) -> _Table:
    """Return the vote with marks of a city that is over; nothing where it has none."""
    return _read_if_there(f"{slug}/past_vote.toml")


def decided(slug: str) -> list[str]:
    """Return the keys of the votes of a city whose results the demonstration publishes."""
    closed = [edition(slug).key] if edition(slug).state is State.CLOSED else []
    past = past_vote(slug)
    return [*closed, past["key"]] if past else closed


@cache
def outlines(slug: str) -> dict[str, object]:
    """Return the schematic outlines of a city's districts, as GeoJSON with their names."""
    loaded: dict[str, object] = json.loads((_GEO / f"{slug}.geojson").read_text(encoding="utf-8"))
    return loaded


def _read(path: str) -> _Table:
    return tomllib.loads((_DATA / path).read_text(encoding="utf-8"))


def _read_if_there(path: str) -> _Table:
    return _read(path) if (_DATA / path).exists() else {}


def _day(when: date | int, today: date) -> date:
    return today + timedelta(days=when) if isinstance(when, int) else when


def _stripped(text: Texts) -> Texts:
    return {language: words.strip() for language, words in text.items()}


def _city(table: _Table) -> DemoCity:
    lists = ("languages", "districts", "modules", "prepared_modules")
    people = tuple(Person(**person) for person in table["people"])
    return DemoCity(**{**table, **{name: tuple(table[name]) for name in lists}, "people": people})


def _category(table: _Table) -> Category:
    return Category(table["key"], table["name"], table["explanation"], table.get("budget"))


def _project(table: _Table) -> Project:
    return Project(**table)


def _counted_project(row: Mapping[str, str]) -> Project:
    return Project(
        number=int(row["number"]),
        cost=int(row["cost"]),
        category=row["category"],
        district=row["district"],
        title={"hu": row["title_hu"], "en": row["title_en"]},
        summary={},
        votes=int(row["votes"]),
        selected=row["selected"] == "1",
    )


def _article(table: _Table) -> Article:
    published = table["published"] if "published" in table else -table["days_ago"]
    return Article(table["slug"], table["title"], table["summary"], _stripped(table["body"]), published)
