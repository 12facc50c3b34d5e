"""Open data of an edition: its projects, its result, what became of it, and who took part; no person in any of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from app.sdk import BYTE_ORDER_MARK, NotFound, _, _l, csv_lines, current_city, to_major

from ..models import Edition, Project
from ..rules.outcomes import ReasonCode
from ..rules.phases import Phase, Stage
from . import results
from .deciding import contests_in_order
from .editions import phase
from .projects import projects
from .realisation import listing
from .result_columns import columns, numbers
from .rules_of import ballot_rule
from .statistics import breakdown

Value = str | int | float | bool | None
Record = Mapping[str, Value]
LICENCE = "CC-BY-4.0"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its name in every file, its type in words of the Table Schema, and what it says."""

    name: str
    type: str
    about: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table of open data."""

    name: str
    title: str
    fields: Sequence[Field]
    read: Callable[[Edition], Iterator[Record]]
    is_there: Callable[[Edition], bool]
    has_places: bool = False
    more: Callable[[Edition], Sequence[Field]] = lambda _edition: ()
    """Columns that not every edition has."""


def tables(edition: Edition) -> Sequence[Table]:
    """Return the tables that an edition has by now, each with all its columns."""
    there = [table for table in TABLES if table.is_there(edition)]
    return [replace(table, fields=(*table.fields, *table.more(edition))) for table in there]


def table(edition: Edition, name: str) -> Table:
    """Return one table; raises NotFound for one that is not there, or not yet."""
    found = next((one for one in tables(edition) if one.name == name), None)
    if found is None:
        raise NotFound(_("There is no such file, or not yet."))
    return found


def as_csv(edition: Edition, one: Table) -> Iterator[str]:
    """Yield a table line by line, as spreadsheets read it."""
    names = fields_of(one)
    yield BYTE_ORDER_MARK
    yield csv_lines([names])
    for record in one.read(edition):
        yield csv_lines([[_cell(record.get(name)) for name in names]])


def as_json(edition: Edition, one: Table) -> dict[str, object]:
    """Return a table as an object with its licence."""
    return {**_head(edition, one), "records": list(one.read(edition))}


def as_geojson(edition: Edition, one: Table) -> dict[str, object]:
    """Return a table as a FeatureCollection (RFC 7946); the place of a record is the outline of its district."""
    outlines = _outlines(edition)
    features = [
        {
            "type": "Feature",
            "geometry": outlines.get(str(record.get("district_name"))),
            "properties": dict(record),
        }
        for record in one.read(edition)
    ]
    return {"type": "FeatureCollection", **_head(edition, one), "features": features}


def schema(edition: Edition) -> dict[str, object]:
    """Return what the columns mean, as a Table Schema for each table."""
    resources = [
        {
            "name": one.name,
            "path": f"{one.name}.csv",
            "title": str(one.title),
            "schema": {
                "fields": [
                    {"name": name, "type": field.type, "description": str(field.about)}
                    for field in one.fields
                    for name in _names(field)
                ]
            },
        }
        for one in tables(edition)
    ]
    return {
        "name": f"participatory-budget-{edition.slug}",
        "licenses": [{"name": LICENCE, "path": LICENCE_URL}],
        "resources": resources,
    }


def fields_of(one: Table) -> list[str]:
    """Return the names of the columns; a text has one a language of the city."""
    return [name for field in one.fields for name in _names(field)]


def _cell(value: Value) -> str | int | float | None:
    """Return a value as spreadsheets take it: yes and no are 1 and 0."""
    return int(value) if isinstance(value, bool) else value


def _names(field: Field) -> list[str]:
    if field.type != "texts":
        return [field.name]
    return [f"{field.name}_{language}" for language in current_city().languages]


def _head(edition: Edition, one: Table) -> dict[str, object]:
    return {
        "edition": edition.slug,
        "table": one.name,
        "licence": LICENCE,
        "licence_url": LICENCE_URL,
        "publisher": current_city().name,
    }


def _texts(name: str, texts: Mapping[str, str]) -> dict[str, Value]:
    return {f"{name}_{language}": texts.get(language, "") for language in current_city().languages}


def _project(edition: Edition, project: Project) -> dict[str, Value]:
    districts = {one.key: one.name for one in edition.districts}
    return {
        "number": project.number,
        "reference": project.reference,
        **_texts("title", project.title),
        "category": project.category,
        "district": project.district,
        "district_name": districts.get(project.district, ""),
        "cost": float(to_major(project.cost, edition.currency)),
        "currency": edition.currency,
    }


def _projects(edition: Edition) -> Iterator[Record]:
    for project in projects(edition):
        yield {**_project(edition, project), **_texts("summary", project.summary)}


def _results(edition: Edition) -> Iterator[Record]:
    decisive = dict.fromkeys(field.name for field in _decisive(edition))
    for part in results.published(edition).parts:
        for row in part.rows:
            outcome, paid = row.outcome, row.outcome.reason
            price = paid.by if paid.code is ReasonCode.BOUGHT else None
            yield {
                **_project(edition, row.project),
                "contest": part.contest,
                "votes": outcome.votes,
                "rank": outcome.rank,
                "funded": outcome.funded,
                "reason": row.reason,
                "paid_by_one_voter": None if price is None else float(to_major(price, edition.currency)),
                **decisive,
                **numbers(part.scale, outcome),
            }


def _decisive(edition: Edition) -> Sequence[Field]:
    """Return the columns of what decided, which depend on the ballots."""
    rules = [ballot_rule(edition, contest) for contest in contests_in_order(edition)]
    return [Field(*column) for column in columns(rules)]


def _realisation(edition: Edition) -> Iterator[Record]:
    for line in listing.lines(edition):
        one = line.board
        yield {
            **_project(edition, one.project),
            "state": one.state.value,
            "department": one.department,
            "steps": line.progress.steps,
            "steps_reached": line.progress.reached,
            "next_step_planned": line.step.planned.isoformat() if line.step and line.step.planned else None,
            "late": bool(line.late),
            "budgeted": float(to_major(line.balance.budgeted, edition.currency)),
            "spent": float(to_major(line.balance.spent, edition.currency)),
            "last_news_at": one.last_news_at.isoformat(),
        }


def _turnout(edition: Edition) -> Iterator[Record]:
    for one in breakdown.breakdowns(edition):
        for line in one.lines:
            yield {"dimension": one.dimension.value, "value": line.value, "voters": line.voters}


def _is_shown(edition: Edition) -> bool:
    return edition.stage is not Stage.DRAFT


def _is_decided(edition: Edition) -> bool:
    return edition.stage is Stage.RESULTS


def _has_voted(edition: Edition) -> bool:
    closed = (Phase.CLOSED, Phase.COUNTING, Phase.COUNTED, Phase.RESULTS)
    return not edition.imported and phase(edition) in closed


OF_PROJECT = (
    Field("number", "integer", _l("Number on the ballot")),
    Field("reference", "string", _l("Number in the city's own list")),
    Field("title", "texts", _l("Title, in each language of the city")),
    Field("category", "string", _l("Key of the category")),
    Field("district", "string", _l("Key of the district; empty for the whole city")),
    Field("district_name", "string", _l("Name of the district")),
    Field("cost", "number", _l("Cost on the ballot, in the currency")),
    Field("currency", "string", _l("Currency (ISO 4217)")),
)
TABLES = (
    Table(
        "projects",
        _l("Projects on the ballot"),
        (*OF_PROJECT, Field("summary", "texts", _l("Summary, in each language of the city"))),
        _projects,
        _is_shown,
        has_places=True,
    ),
    Table(
        "results",
        _l("Result of the vote"),
        (
            *OF_PROJECT,
            Field("contest", "string", _l("Key of the contest; empty for the whole city")),
            Field("votes", "integer", _l("Ballots that name the project")),
            Field("rank", "integer", _l("Place among those that competed for the same money")),
            Field("funded", "boolean", _l("Whether the project gets its money")),
            Field("reason", "string", _l("Why, in a sentence")),
            Field("paid_by_one_voter", "number", _l("With equal shares: what one voter paid at most")),
        ),
        _results,
        _is_decided,
        has_places=True,
        more=_decisive,
    ),
    Table(
        "realisation",
        _l("What became of the chosen projects"),
        (
            *OF_PROJECT,
            Field("state", "string", _l("planned, under-way, paused, abandoned or done")),
            Field("department", "string", _l("Department in charge")),
            Field("steps", "integer", _l("Number of steps")),
            Field("steps_reached", "integer", _l("Steps that have been reached")),
            Field("next_step_planned", "date", _l("Day for which the next step is planned")),
            Field("late", "boolean", _l("Whether that day has passed")),
            Field("budgeted", "number", _l("Money there is for it, in the currency")),
            Field("spent", "number", _l("Money that was spent, in the currency")),
            Field("last_news_at", "datetime", _l("When something was last heard of it (UTC)")),
        ),
        _realisation,
        _is_decided,
        has_places=True,
    ),
    Table(
        "turnout",
        _l("Turnout by groups"),
        (
            Field("dimension", "string", _l("channel, district, age or sex")),
            Field("value", "string", _l("The group; empty for voters of whom it is not known")),
            Field("voters", "integer", _l("Number of voters; empty where it is hidden")),
        ),
        _turnout,
        _has_voted,
    ),
)


def _outlines(edition: Edition) -> dict[str, object]:
    features = edition.outlines.get("features") if edition.outlines else None
    found: dict[str, object] = {}
    for feature in features if isinstance(features, list) else []:
        if isinstance(feature, dict) and isinstance(feature.get("properties"), dict):
            found[str(feature["properties"].get("name", ""))] = feature.get("geometry")
    return found
