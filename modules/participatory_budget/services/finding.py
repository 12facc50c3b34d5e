"""What residents can find of the participatory budget: editions, projects and ideas that are shown."""

from collections.abc import Iterator

from sqlalchemy import func, select

from app.sdk import Findable, Only, _l, db, searchable

from ..models import Edition, Idea, Project
from ..rules.ideas.rules import Publication
from ..rules.ideas.states import IdeaState
from ..rules.phases import Stage

ABOVE_PROJECTS = 1.5
BELOW_PROJECTS = 0.8


@searchable("edition", _l("Participatory budget"), order=10)
def findable_editions(only: Only) -> Iterator[Findable]:
    """Yield the editions that residents can see."""
    found = select(Edition).where(Edition.stage != Stage.DRAFT)
    for edition in db.session.scalars(found if only is None else found.where(Edition.id.in_(only))):
        words = {
            code: f"{edition.summary.get(code, '')} {edition.description.get(code, '')}"
            for code in edition.title
        }
        url = f"/participatory-budget/{edition.slug}/"
        yield Findable(edition.id, url, edition.title, words, weight=ABOVE_PROJECTS)


@searchable("project", _l("Projects"), order=20)
def findable_projects(only: Only) -> Iterator[Findable]:
    """Yield the projects of the editions that residents can see."""
    shown = select(Project.id, Project.number, Project.title, Project.summary, Edition.slug)
    shown = shown.join(Edition, Edition.id == Project.edition_id).where(Edition.stage != Stage.DRAFT)
    for row in db.session.execute(shown if only is None else shown.where(Project.id.in_(only))):
        url = f"/participatory-budget/{row.slug}/projects/{row.number}"
        yield Findable(row.id, url, row.title, row.summary)


@searchable("idea", _l("Ideas"), order=25)
def findable_ideas(only: Only) -> Iterator[Findable]:
    """Yield the ideas that residents can see."""
    shown = select(Idea.id, Idea.number, Idea.title, Idea.text, Idea.place, Idea.language, Edition.slug)
    shown = shown.join(Edition, Edition.id == Idea.edition_id).where(Edition.stage != Stage.DRAFT)
    shown = shown.where(
        Idea.state == IdeaState.PUBLISHED,
        func.coalesce(Edition.idea_rules["publication"].astext, "") != Publication.NONE.value,
    )
    for row in db.session.execute(shown if only is None else shown.where(Idea.id.in_(only))):
        url = f"/participatory-budget/{row.slug}/ideas/{row.number}"
        words = {row.language: f"{row.text} {row.place}"}
        yield Findable(row.id, url, {row.language: row.title}, words, weight=BELOW_PROJECTS)


def find_with_projects(edition: Edition) -> None:
    """Have an edition, its projects and ideas found from now on, or no longer, as its stage says."""
    findable_editions.index(edition.id)
    findable_projects.index(*db.session.scalars(select(Project.id).where(Project.edition_id == edition.id)))
    find_ideas(edition)


def find_ideas(edition: Edition) -> None:
    """Have the ideas of an edition found as its rules say now."""
    findable_ideas.index(*db.session.scalars(select(Idea.id).where(Idea.edition_id == edition.id)))
