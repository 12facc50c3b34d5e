"""What the isolation suite needs of rules that are compared, and of the programs that count again."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from app.sdk import db
from app.testing.leaks import Filling, Twin
from modules.participatory_budget.models import Edition, Preview
from modules.participatory_budget.services import what_if


def fill(filling: Filling) -> None:
    """Add what is made in both cities and the values that addresses take."""
    filling.content(compared)
    filling.values("preview_id")(previews)
    filling.answers("participatory_budget_admin.what_if", edition=_published, laws="skip")
    filling.review("no text participatory_budget_preview.*", "names of rules and numbers that the code gives")
    for command in ("pb verify", "pb verifier"):
        filling.review(f"command {command}", "reads or writes one file and knows no city")


def compared(twin: Twin) -> None:
    """Compare rules on a published vote."""
    found = db.session.scalars(select(Edition.id).where(Edition.slug == twin.key("results"))).one()
    _found[twin.slug] = str(found)
    what_if.compute(what_if.ask(found, ["skip", "value"]).id)


def previews(_twin: Twin) -> Iterable[UUID]:
    """Return all comparisons."""
    return db.session.scalars(select(Preview.id).order_by(Preview.id)).all()


def _published(twin: Twin) -> str:
    return _found[twin.slug]


_found: dict[str, str] = {}
"""The published edition of each city: forms are filled in where no database is at hand."""
