"""Voters against the census: which groups take part more or less than their share of the people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, insert, select

from app.sdk import Conflict, _, audit, db, now

from ...models import CensusCell, Edition
from ...rules.statistics.census import OF_CENSUS, Census, Dimension
from ...rules.statistics.comparing import Group, compare
from ..editions import by_id
from .breakdown import breakdowns

SOURCE, LIVE, READ_AT = "source", "live", "census_read_at"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Voters and people by one dimension."""

    dimension: Dimension
    groups: Sequence[Group]
    hides: bool


def keep(edition_id: UUID, census: Census, source: str) -> Edition:
    """Put a census in place of the one before."""
    edition = by_id(edition_id, lock=True)
    db.session.execute(delete(CensusCell).where(CensusCell.edition_id == edition.id))
    rows = [
        {"edition_id": edition.id, "dimension": dimension, "value": value, "people": people}
        for dimension, cells in census.people.items()
        for value, people in cells.items()
    ]
    db.session.execute(insert(CensusCell), rows)
    edition.statistics = {**edition.statistics, SOURCE: source, READ_AT: now().isoformat()}
    audit("participatory_budget.census_kept", subject=f"edition:{edition.id}", groups=len(rows))
    return edition


def forget(edition_id: UUID) -> Edition:
    """Take the census away; raises Conflict when there is none."""
    edition = by_id(edition_id, lock=True)
    gone = delete(CensusCell).where(CensusCell.edition_id == edition.id).returning(CensusCell.value)
    if not db.session.execute(gone).all():
        raise Conflict(_("There are no figures of the census here."))
    edition.statistics = {k: v for k, v in edition.statistics.items() if k not in (SOURCE, READ_AT)}
    audit("participatory_budget.census_removed", subject=f"edition:{edition.id}")
    return edition


def show_live(edition_id: UUID, *, live: bool) -> Edition:
    """Say whether residents see who takes part while the vote is open."""
    edition = by_id(edition_id, lock=True)
    edition.statistics = {**edition.statistics, LIVE: live}
    audit("participatory_budget.live_statistics", subject=f"edition:{edition.id}", live=live)
    return edition


def is_live(edition: Edition) -> bool:
    """Tell whether residents see who takes part while the vote is open."""
    return edition.statistics.get(LIVE) is True


def source_of(edition: Edition) -> str:
    """Return where the census comes from, in the words of the staff."""
    return str(edition.statistics.get(SOURCE, ""))


def census_of(edition: Edition) -> Mapping[Dimension, Mapping[str, int]]:
    """Return the census of an edition; nothing where staff have given none."""
    found = select(CensusCell.dimension, CensusCell.value, CensusCell.people)
    rows = db.session.execute(
        found.where(CensusCell.edition_id == edition.id).order_by(CensusCell.value)
    ).all()
    return {
        dimension: {row.value: row.people for row in rows if row.dimension is dimension}
        for dimension in OF_CENSUS
        if any(row.dimension is dimension for row in rows)
    }


def comparisons(edition: Edition, *, rounded: bool = False) -> Sequence[Comparison]:
    """Return the comparison by each dimension of the census; none where there is no census."""
    people = census_of(edition)
    if not people:
        return []
    found = {one.dimension: one for one in breakdowns(edition, rounded=rounded)}
    return [
        Comparison(
            dimension,
            compare(found[dimension].shown, found[dimension].known, cells),
            found[dimension].hides,
        )
        for dimension, cells in people.items()
    ]
