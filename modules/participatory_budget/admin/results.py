"""The result before it is published, as staff check it."""

from uuid import UUID

from app.sdk import render, requires

from ..services import editions
from ..services import results as service
from ..services.explaining import count_sentences
from .blueprint import bp
from .hub import board_of


@bp.get("/<uuid:edition_id>/result")
@requires("participatory_budget.publish")
def result(edition_id: UUID) -> str:
    """Show the newest counted result: ranking, cut line, ties, money left, the city's own list."""
    edition = editions.by_id(edition_id)
    found = service.drafted(edition)
    return render(
        "participatory_budget/admin/result.html",
        edition=edition,
        board=board_of(edition),
        results=found,
        sentences=count_sentences(found.protocol, ballots=found.voters),
    )
