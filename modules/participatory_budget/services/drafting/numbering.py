"""The numbers of projects: in the order in which they were made, or drawn by lot; fixed with the ballot."""

import secrets
from uuid import UUID

from sqlalchemy import select

from app.sdk import Conflict, _, audit, db

from ...models import Edition, Project
from ...rules.ordering import shuffled
from ..editions import changeable
from ..finding import findable_projects

SEED_BYTES = 16


def draw(edition_id: UUID) -> str:
    """Give the projects their numbers by lot and return the seed, which the audit log keeps; not once they are fixed.

    Anybody can draw again with the seed and the old numbers (rules.ordering). A project's own number stays.
    """
    edition = changeable(edition_id)
    if edition.imported:
        raise Conflict(_("The ballots were imported with their projects: their numbers stay."))
    seed = secrets.token_bytes(SEED_BYTES)
    ordered = shuffled(_projects(edition), seed, lambda one: one.number)
    if len(ordered) < 2:
        raise Conflict(_("There are not two projects to draw lots for."))
    plain = {one.id for one in ordered if one.reference == str(one.number)}
    own = {one.reference for one in ordered if one.id not in plain}
    if clash := sorted(own & {str(place) for place in range(1, len(ordered) + 1)}):
        raise Conflict(_("A project has the own number %(number)s. Change it first.", number=clash[0]))
    # Above all others first: no two projects have the same number at any moment.
    beyond = max(one.number for one in ordered)
    for place, one in enumerate(ordered, start=beyond + 1):
        one.number = place
        if one.id in plain:
            one.reference = str(one.number)
    db.session.flush()
    for place, one in enumerate(ordered, start=1):
        one.number = place
        if one.id in plain:
            one.reference = str(place)
    db.session.flush()
    for one in ordered:
        findable_projects.index(one.id)
    audit("participatory_budget.numbers_drawn", subject=f"edition:{edition.id}", seed=seed.hex())
    return seed.hex()


def _projects(edition: Edition) -> list[Project]:
    mine = select(Project).where(Project.edition_id == edition.id).order_by(Project.number)
    return list(db.session.scalars(mine.with_for_update()))
