"""The result as a table for spreadsheets, one line a project."""

from collections.abc import Iterable, Iterator

from app.sdk import BYTE_ORDER_MARK, csv_lines, current_city, to_major

from ..models import Edition
from ..rules.outcomes import ReasonCode
from .result_columns import columns, numbers
from .results import Part, Results, Row
from .wording import category_name

Cell = str | int | None
LACKING_MONEY = (
    ReasonCode.OVER_LEFT,
    ReasonCode.ABOVE_BUDGET,
    ReasonCode.SHARES_SHORT,
    ReasonCode.WITHIN_TOLERANCE,
)


def table(edition: Edition, results: Results, contest: str | None = None) -> list[list[Cell]]:
    """Return the cells of the table, heads first, in the reader's language; of all contests or of one."""
    languages = current_city().languages
    parts = results.parts if contest is None else results.parts_of(contest)
    decisive = [name for name, _type, _about in columns(part.scale.ballot for part in results.parts)]
    return [
        _heads(languages, decisive),
        *(_cells(edition, part, row, languages, decisive) for part in parts for row in part.rows),
    ]


def lines(cells: Iterable[list[Cell]]) -> Iterator[str]:
    """Yield the file line by line; a text that a spreadsheet would take for a formula gets an apostrophe."""
    yield BYTE_ORDER_MARK
    for row in cells:
        yield csv_lines([row])


def _heads(languages: tuple[str, ...], decisive: list[str]) -> list[Cell]:
    return [
        "number",
        "reference",
        *(f"title_{language}" for language in languages),
        "category",
        "category_name",
        "district",
        "contest",
        "cost",
        "currency",
        "votes",
        *decisive,
        "rank",
        "funded",
        "reason",
        "reason_text",
        "left",
        "missing",
        "missing_votes",
        "paid_by_one_voter",
        "tied_with",
        "official_funded",
        "official_votes",
    ]


def _cells(
    edition: Edition, part: Part, row: Row, languages: tuple[str, ...], decisive: list[str]
) -> list[Cell]:
    project, outcome, reason = row.project, row.outcome, row.outcome.reason
    decided_by = numbers(part.scale, outcome)
    # What a reason has besides depends on its code.
    amount, code = _amount(reason.by, edition.currency), reason.code
    return [
        project.number,
        project.reference,
        *(project.title.get(language, "") for language in languages),
        project.category,
        category_name(edition, project.category) if project.category else "",
        project.district,
        part.contest,
        _amount(project.cost, edition.currency),
        edition.currency,
        outcome.votes,
        *(decided_by.get(name) for name in decisive),
        outcome.rank,
        int(outcome.funded),
        reason.code,
        row.reason,
        _amount(reason.left, edition.currency),
        amount if code in LACKING_MONEY else None,
        reason.by if code is ReasonCode.BELOW_THRESHOLD else None,
        amount if code is ReasonCode.BOUGHT else None,
        " ".join(map(str, outcome.tied_with)),
        project.official_selected,
        project.official_votes,
    ]


def _amount(minor: int | None, currency: str) -> str | None:
    """Return money in whole units with a point before the cents, which every program reads."""
    return None if minor is None else f"{to_major(minor, currency):f}"
