"""The result as a table for spreadsheets, one line a project."""

from collections.abc import Iterable, Iterator

from app.sdk import BYTE_ORDER_MARK, csv_lines, current_city, to_major

from ..models import Edition
from ..rules.outcomes import ReasonCode
from .results import Results, Row
from .wording import category_name

Cell = str | int | None


def table(edition: Edition, results: Results, contest: str | None = None) -> list[list[Cell]]:
    """Return the cells of the table, heads first, in the reader's language; of all contests or of one."""
    languages = current_city().languages
    parts = results.parts if contest is None else results.parts_of(contest)
    rows = [row for part in parts for row in part.rows]
    return [_heads(languages), *(_cells(edition, row, languages) for row in rows)]


def lines(cells: Iterable[list[Cell]]) -> Iterator[str]:
    """Yield the file line by line; a text that a spreadsheet would take for a formula gets an apostrophe."""
    yield BYTE_ORDER_MARK
    for row in cells:
        yield csv_lines([row])


def _heads(languages: tuple[str, ...]) -> list[Cell]:
    return [
        "number",
        "reference",
        *(f"title_{language}" for language in languages),
        "category",
        "category_name",
        "district",
        "cost",
        "currency",
        "votes",
        "rank",
        "funded",
        "reason",
        "reason_text",
        "left",
        "missing",
        "missing_votes",
        "tied_with",
        "official_funded",
        "official_votes",
    ]


def _cells(edition: Edition, row: Row, languages: tuple[str, ...]) -> list[Cell]:
    project, outcome, reason = row.project, row.outcome, row.outcome.reason
    in_votes = reason.code is ReasonCode.BELOW_THRESHOLD
    return [
        project.number,
        project.reference,
        *(project.title.get(language, "") for language in languages),
        project.category,
        category_name(edition, project.category) if project.category else "",
        project.district,
        _amount(project.cost, edition.currency),
        edition.currency,
        outcome.votes,
        outcome.rank,
        int(outcome.funded),
        reason.code,
        row.reason,
        _amount(reason.left, edition.currency),
        None if in_votes else _amount(reason.by, edition.currency),
        reason.by if in_votes else None,
        " ".join(map(str, outcome.tied_with)),
        project.official_selected,
        project.official_votes,
    ]


def _amount(minor: int | None, currency: str) -> str | None:
    """Return money in whole units with a point before the cents, which every program reads."""
    return None if minor is None else f"{to_major(minor, currency):f}"
