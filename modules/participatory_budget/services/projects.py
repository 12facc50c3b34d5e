"""The projects on the ballot."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, cast, func, literal, or_, select
from sqlalchemy.dialects.postgresql import JSONPATH

from app.sdk import Conflict, Invalid, Localized, NotFound, Page, _, audit, current_city, db, paged

from ..models import Edition, Project
from ..rules.contests import CITYWIDE, ContestsBy
from ..rules.phases import Phase
from .editions import by_id, changeable, phase
from .finding import findable_projects
from .marks import must_be_as_seen
from .texts import in_first_language

NO_CATEGORY = "-"
"""Asks for the projects that stand in no category."""

HIGHEST = 2**31 - 1
"""What the database can count to; addresses can hold more."""
MOST_WORDS = 8
STAFF_PAGE = 200


@dataclass(frozen=True, slots=True)
class ProjectTexts:
    """What staff write about a project; cost in minor units."""

    title: Localized
    cost: int
    summary: Localized = field(default_factory=dict)
    category: str = ""
    district: str = ""
    reference: str = ""
    picture: str = ""
    picture_alt: Localized = field(default_factory=dict)


def projects(
    edition: Edition, *, category: str = "", district: str = "", words: str = ""
) -> Sequence[Project]:
    """Return the projects of an edition in the declared order, narrowed down when asked.

    Every word must be somewhere in the title or the summary, in whatever language, or be the project's number.
    """
    found = _with_words(edition, words)
    if category:
        found = found.where(Project.category == ("" if category == NO_CATEGORY else category))
    if district:
        found = found.where(Project.district == district)
    return db.session.scalars(found.limit(5000)).all()


def narrowed(
    edition: Edition, category: str | None, district: str | None, contest: str | None = None
) -> Select[Project]:
    """Return the projects of an edition, narrowed down, to be listed in whatever order."""
    found = select(Project).where(Project.edition_id == edition.id)
    if contest is not None:
        key = Project.district if edition.contests_by is ContestsBy.DISTRICT else literal(CITYWIDE)
        found = found.where(key == contest)
    if category is not None:
        found = found.where(Project.category == category)
    return found.where(Project.district == district) if district is not None else found


def staff_page(edition: Edition, number: int, *, words: str = "") -> Page[Project]:
    """Return one page of the projects of an edition in the declared order, narrowed down by words."""
    return paged(_with_words(edition, words), number=number, per_page=STAFF_PAGE)


def project(edition: Edition, number: int) -> Project:
    """Return one project by its number; raises NotFound."""
    mine = select(Project).where(Project.edition_id == edition.id, Project.number == number)
    found = db.session.scalar(mine) if number <= HIGHEST else None
    if found is None:
        raise NotFound(_("There is no such project."))
    return found


def texts_of(project: Project) -> ProjectTexts:
    """Return a project as it is saved."""
    return ProjectTexts(
        title=dict(project.title),
        cost=project.cost,
        summary=dict(project.summary),
        category=project.category,
        district=project.district,
        reference=project.reference,
        picture=project.picture,
        picture_alt=dict(project.picture_alt),
    )


def is_fixed(edition: Edition) -> bool:
    """Tell whether projects stand on a ballot paper that no longer changes."""
    return edition.slot_salt is not None or edition.sealed_at is not None


def is_being_voted_on(edition: Edition) -> bool:
    """Tell whether people vote just now: what they read of a project is then the same for all of them."""
    return phase(edition) is Phase.VOTING


def add(edition_id: UUID, texts: ProjectTexts) -> Project:
    """Put a project on the ballot, last in the order; raises Conflict once the ballot is fixed."""
    edition = changeable(edition_id)
    _not_imported(edition)
    last = db.session.scalar(select(func.max(Project.number)).where(Project.edition_id == edition.id)) or 0
    number = last + 1
    made = Project(edition_id=edition.id, number=number, reference=str(number))
    _write(made, texts)
    _must_be_unique(made)
    db.session.add(made)
    db.session.flush()
    audit("participatory_budget.project_added", subject=f"project:{made.id}", number=number)
    findable_projects.index(made.id)
    return made


def change(edition_id: UUID, number: int, texts: ProjectTexts, *, seen: str | None = None) -> Project:
    """Change a project; once the ballot is fixed only its texts and picture, and nothing while people vote."""
    edition = by_id(edition_id, lock=True)
    if is_being_voted_on(edition):
        raise Conflict(
            _(
                "People are voting: what they read of a project stays as it is. Texts can be corrected after the close."
            )
        )
    found = project(edition, number)
    before = texts_of(found)
    must_be_as_seen(before, seen)
    if is_fixed(edition):
        same = (texts.cost, texts.category, texts.district) == (found.cost, found.category, found.district)
        if not same:
            raise Conflict(_("The ballot is fixed: cost, category and district can no longer change."))
        texts = replace(texts, reference=found.reference)
    _write(found, texts)
    _must_be_unique(found)
    _note_change(found, before)
    findable_projects.index(found.id)
    return found


def remove(edition_id: UUID, number: int) -> None:
    """Take a project off the ballot; raises Conflict once the ballot is fixed."""
    edition = changeable(edition_id)
    _not_imported(edition)
    found = project(edition, number)
    audit("participatory_budget.project_removed", subject=f"project:{found.id}", number=number)
    db.session.delete(found)
    findable_projects.index(found.id)


def exclude(edition_id: UUID, number: int, reason: Localized | None) -> Project:
    """Take a project out of the count for a public reason, or put it back; not once the result is published."""
    edition = by_id(edition_id, lock=True)
    if edition.published_at is not None:
        raise Conflict(_("The result is published."))
    found = project(edition, number)
    found.excluded = reason or None
    audit(
        "participatory_budget.project_excluded",
        subject=f"project:{found.id}",
        number=number,
        out=bool(reason),
    )
    return found


def shares(edition: Edition) -> Mapping[str, int]:
    """Return how many projects each category has."""
    counted = select(Project.category, func.count()).where(Project.edition_id == edition.id)
    return {row[0]: row[1] for row in db.session.execute(counted.group_by(Project.category))}


def by_district(edition: Edition) -> Mapping[str, int]:
    """Return how many projects each district has."""
    counted = select(Project.district, func.count()).where(Project.edition_id == edition.id)
    return {row[0]: row[1] for row in db.session.execute(counted.group_by(Project.district))}


def project_names(edition: Edition) -> Mapping[int, str]:
    """Return the title of each project in the city's first language, as protocols have it."""
    rows = db.session.execute(select(Project.number, Project.title).where(Project.edition_id == edition.id))
    return {row.number: in_first_language(row.title) for row in rows}


def numbered(edition: Edition, numbers: Collection[int]) -> Sequence[Project]:
    """Return some projects in the declared order; numbers that are not on the ballot are passed over."""
    found = select(Project).where(Project.edition_id == edition.id, Project.number.in_(numbers))
    return db.session.scalars(found.order_by(Project.number)).all()


def _note_change(project: Project, before: ProjectTexts) -> None:
    """Write down what was changed, and old and new title: what a ballot was cast for must stay provable."""
    after = texts_of(project)
    parts = [part.name for part in fields(before) if getattr(before, part.name) != getattr(after, part.name)]
    language = current_city().language
    old, new = before.title.get(language, ""), after.title.get(language, "")
    titles = {"title_before": old, "title_after": new} if old != new else {}
    audit(
        "participatory_budget.project_changed",
        subject=f"project:{project.id}",
        number=project.number,
        parts=", ".join(parts),
        **titles,
    )


def _with_words(edition: Edition, words: str) -> Select[Project]:
    found = select(Project).where(Project.edition_id == edition.id)
    for word in words.split()[:MOST_WORDS]:
        found = found.where(or_(func.strpos(_texts(), _plain(word)) > 0, Project.reference == word))
    return found.order_by(Project.number)


def _texts() -> ColumnElement[str]:
    """Return title and summary in all languages, without the names of the languages."""
    parts = [
        func.jsonb_path_query_array(text, cast("$.*", JSONPATH)) for text in (Project.title, Project.summary)
    ]
    return _plain(func.concat_ws(" ", *[part.cast(Text) for part in parts]))


def _plain(text: str | ColumnElement[str]) -> ColumnElement[str]:
    return func.unaccent(func.lower(text))


def _write(target: Project, texts: ProjectTexts) -> None:
    target.title, target.summary = texts.title, texts.summary
    target.cost, target.category, target.district = texts.cost, texts.category, texts.district
    target.picture, target.picture_alt = texts.picture, texts.picture_alt
    reference = texts.reference.strip()
    if "," in reference:
        raise Invalid(
            _("The project's own number cannot hold a comma: the published ballots list such numbers.")
        )
    if reference:
        target.reference = reference


def _must_be_unique(project: Project) -> None:
    """Refuse a number that another project of the edition has: ballots are published with it."""
    with db.session.no_autoflush:
        same = select(Project.number).where(
            Project.edition_id == project.edition_id,
            Project.reference == project.reference,
            Project.number != project.number,
        )
        if db.session.scalar(same) is not None:
            raise Conflict(_("Another project has the number %(number)s.", number=project.reference))


def _not_imported(edition: Edition) -> None:
    if edition.imported:
        raise Conflict(_("The ballots were imported with their projects; none can be added or removed."))
