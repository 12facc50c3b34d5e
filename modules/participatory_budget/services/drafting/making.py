"""Projects of ideas: one for each, or one of several together."""

from collections.abc import Sequence
from uuid import UUID

from app.sdk import (
    Conflict,
    Invalid,
    Localized,
    ServiceError,
    _,
    audit,
    current_city,
    db,
    followers,
    notify,
    read_upload,
    share_followers,
    store_image,
)

from ...models import Edition, Idea, Project, ProjectIdea
from ...rules.ideas.states import Happening
from ..editions import changeable
from ..ideas import files, history
from ..ideas.following import subject as idea_subject
from ..ideas.publishing import show_as_is
from ..projects import ProjectTexts, add
from ..realisation.news import subject as project_subject
from . import consents
from .candidates import Candidate, ready

LONGEST_TITLE, LONGEST_SUMMARY = 160, 600


def one_each(edition_id: UUID, numbers: Sequence[int]) -> list[Project]:
    """Make a project of each idea; raises Conflict once the ballot is fixed, Invalid when a cost is missing."""
    edition = changeable(edition_id)
    chosen = _chosen(edition, numbers)
    return [_make(edition, [one]) for one in chosen]


def together(edition_id: UUID, numbers: Sequence[int]) -> Project:
    """Make one project of several ideas: the words of the first, the costs added up; its text can be changed then."""
    edition = changeable(edition_id)
    chosen = _chosen(edition, numbers)
    if len(chosen) < 2:
        raise Invalid(_("Choose at least two ideas that make one project."))
    return _make(edition, chosen)


def _chosen(edition: Edition, numbers: Sequence[int]) -> Sequence[Candidate]:
    found = ready(edition, numbers)
    missing = sorted(set(numbers) - {one.idea.number for one in found})
    if not numbers:
        raise Invalid(_("Choose the ideas first."))
    if missing:
        listed = ", ".join(str(one) for one in missing)
        raise Conflict(
            _("These ideas cannot come on the ballot, or are on it already: no. %(list)s.", list=listed)
        )
    without = [str(one.idea.number) for one in found if _cost(one) is None]
    if without:
        raise Invalid(_("The cost is missing: no. %(list)s. Estimate it first.", list=", ".join(without)))
    return found


def _make(edition: Edition, chosen: Sequence[Candidate]) -> Project:
    first = chosen[0].idea
    picture, words = _picture(chosen)
    districts = {one.idea.district for one in chosen}
    project = add(
        edition.id,
        ProjectTexts(
            title=_texts(first, first.title[:LONGEST_TITLE]),
            cost=sum(_cost(one) or 0 for one in chosen),
            summary=_texts(first, shortened(first.text)),
            category=first.category,
            district=first.district if len(districts) == 1 else "",
            picture=picture,
            picture_alt=_texts(first, words) if picture else {},
        ),
    )
    for one in chosen:
        db.session.add(ProjectIdea(project_id=project.id, idea_id=one.idea.id))
        history.note(one.idea, Happening.ON_BALLOT)
    db.session.flush()
    audit(
        "participatory_budget.ballot_drafted",
        subject=f"project:{project.id}",
        number=project.number,
        ideas=", ".join(str(one.idea.number) for one in chosen),
    )
    for one in chosen:
        _tell(edition, one.idea, project)
    consents.ask(edition, project, [one.idea for one in chosen])
    return project


def _tell(edition: Edition, idea: Idea, project: Project) -> None:
    """Tell those who follow an idea, who follow the project from now on as well."""
    notify(
        "participatory_budget.on_ballot",
        followers(subject=idea_subject(idea)),
        f"{idea.id} project {project.id}",
        link=f"/participatory-budget/{edition.slug}/projects/{project.number}",
        title=idea.title,
        number=project.number,
    )
    share_followers(idea_subject(idea), project_subject(project))
    show_as_is(idea)


def _cost(one: Candidate) -> int | None:
    """Return what an idea costs: the newest estimate, else what its author thinks."""
    return one.cost if one.cost is not None else one.idea.cost or None


def _texts(idea: Idea, words: str) -> Localized:
    """Return words of a resident in her language, and in the city's first one until somebody translates them."""
    city = current_city()
    offered = {idea.language} & set(city.languages)
    return dict.fromkeys((city.language, *offered), words)


def shortened(text: str) -> str:
    """Return the beginning of a text, whole sentences where there are some."""
    plain = " ".join(text.split())
    if len(plain) <= LONGEST_SUMMARY:
        return plain
    cut = plain[:LONGEST_SUMMARY]
    end = max(cut.rfind(mark) for mark in (". ", "! ", "? "))
    return cut[: end + 1] if end > LONGEST_SUMMARY // 3 else cut.rsplit(" ", 1)[0] + "…"


def _picture(chosen: Sequence[Candidate]) -> tuple[str, str]:
    """Return a copy of the first photo of the ideas, and what it shows; nothing where it cannot be read."""
    found = files.pictures([one.idea for one in chosen])
    shown = next((found[one.idea.id] for one in chosen if one.idea.id in found), None)
    if shown is None:
        return "", ""
    try:
        with read_upload(shown.id) as stream:
            return store_image(stream), shown.description
    except ServiceError:
        return "", ""
