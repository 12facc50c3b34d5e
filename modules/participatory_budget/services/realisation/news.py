"""News of a project, to whoever follows it; each tells that the promise is not forgotten."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select

from app.sdk import (
    Localized,
    NotFound,
    Thing,
    _,
    audit,
    db,
    followable,
    followers,
    new_id,
    notify,
    now,
    picked,
)

from ...models import Edition, News, Project, Realisation
from ...rules.phases import Stage
from .boards import board, ideas_of

WHAT = "participatory_budget:project"
SHOWN = 50
UUID_SHAPE = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Texts:
    """What staff write."""

    title: Localized
    text: Localized
    picture: str = ""
    picture_alt: Localized = field(default_factory=dict)


def subject(project: Project) -> str:
    """Return what people follow when they follow a project."""
    return f"{WHAT}:{project.id}"


def path(edition: Edition, project: Project) -> str:
    """Return the address of the page that says what became of a project."""
    return f"/participatory-budget/{edition.slug}/realisation/{project.number}"


@followable(WHAT)
def _find(idents: Sequence[str]) -> dict[str, Thing]:
    known = [UUID(ident) for ident in idents if UUID_SHAPE.fullmatch(ident)]
    found = select(Project, Edition).join(Edition, Edition.id == Project.edition_id)
    rows = db.session.execute(found.where(Project.id.in_(known), Edition.stage != Stage.DRAFT)).all()
    return {
        str(project.id): Thing(
            picked(project.title).text,
            path(edition, project)
            if edition.stage is Stage.RESULTS
            else f"/participatory-budget/{edition.slug}/projects/{project.number}",
        )
        for project, edition in rows
    }


def publish(edition: Edition, number: int, texts: Texts) -> News:
    """Publish news of a project and tell whoever follows it or an idea that it came from."""
    one = board(edition, number, lock=True)
    moment = now()
    made = News(
        id=new_id(),
        project_id=one.project_id,
        title=dict(texts.title),
        text=dict(texts.text),
        picture=texts.picture,
        picture_alt=dict(texts.picture_alt),
        published_at=moment,
    )
    db.session.add(made)
    one.last_news_at, one.told_stale_at = moment, None
    audit("participatory_budget.project_news", subject=f"project:{one.project_id}", number=number)
    ideas = (f"participatory_budget:idea:{idea}" for idea in ideas_of(one))
    for followed in (subject(one.project), *ideas):
        notify(
            "participatory_budget.project_news",
            followers(subject=followed),
            str(made.id),
            link=path(edition, one.project),
            title=one.project.title,
            news=made.title,
        )
    return made


def withdraw(edition: Edition, number: int, news_id: UUID) -> None:
    """Take news off the page, as when a picture shows what it should not; raises NotFound."""
    one = board(edition, number, lock=True)
    found = db.session.get(News, news_id)
    if found is None or found.project_id != one.project_id:
        raise NotFound(_("There is no such news."))
    db.session.delete(found)
    audit("participatory_budget.project_news_removed", subject=f"project:{one.project_id}", number=number)


def of_project(one: Realisation) -> Sequence[News]:
    """Return the news of a project, the newest first."""
    mine = select(News).where(News.project_id == one.project_id)
    return db.session.scalars(mine.order_by(News.published_at.desc(), News.id).limit(SHOWN)).all()


def of_edition(edition: Edition, most: int = SHOWN) -> Sequence[tuple[News, Project]]:
    """Return the news of all projects of an edition with their projects, the newest first."""
    found = select(News, Project).join(Project, Project.id == News.project_id)
    mine = found.where(Project.edition_id == edition.id)
    rows = db.session.execute(mine.order_by(News.published_at.desc(), News.id).limit(most))
    return [(row[0], row[1]) for row in rows]
