"""What the isolation suite needs of the participatory budget: an edition at each point of its life, in both cities."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from app.sdk import Account, db, now
from app.testing.leaks import Filling, Twin
from modules.participatory_budget.models import Category, Count, CountState, Edition, Project
from modules.participatory_budget.rules.phases import Stage
from modules.participatory_budget.services import casting, closing, counting, districts, editions, projects

filling = Filling()
STAGES = ("draft", "shown", "voting", "counted", "results", "counting", "due")
OPENED = STAGES[2:]
DAYS = 10


@filling.content
def prepared(twin: Twin) -> None:
    """Make an edition for each point of a life, all of them ready to be opened."""
    for stage in STAGES:
        edition = editions.create(twin.key(stage), twin.texts(f"edition {stage}"))
        edition.summary, edition.description = twin.texts("summary"), twin.texts("description")
        edition.result_note, edition.source = twin.texts("note"), twin.texts("source")
        edition.budget, edition.max_choices = 100_000, 2
        edition.opens_at, edition.closes_at = now() + timedelta(hours=1), now() + timedelta(days=DAYS)
        _themes(twin, edition)
        for number in range(3):
            texts = projects.ProjectTexts(
                title=twin.texts(f"project {number}"),
                summary=twin.texts("what for"),
                cost=10_000 * (number + 1),
                category="green",
                district=edition.districts[0].key,
            )
            projects.add(edition.id, texts)
        projects.exclude(edition.id, 3, twin.texts("why not"))


def _themes(twin: Twin, edition: Edition) -> None:
    made = [
        Category(key=key, name=twin.texts(key), summary=twin.texts(f"about {key}"))
        for key in ("green", "streets")
    ]
    editions.set_categories(edition, made)
    db.session.flush()
    districts.change(edition.id, districts.DistrictNames({}, [twin.text("district")]))
    shape = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
    part = {"type": "Feature", "properties": {"name": twin.text("district")}, "geometry": shape}
    edition.outlines = {"type": "FeatureCollection", "features": [part]}


@filling.content
def voted(twin: Twin) -> None:
    """Open votes; everybody but the resident votes, who has begun to choose."""
    people = db.session.scalars(select(Account).where(Account.confirmed_at.is_not(None))).all()
    for stage in OPENED:
        edition = _called(twin, stage)
        editions.show(edition.id)
        editions.open_now(edition.id)
        for person in people:
            if person.email == twin.email("resident"):
                casting.choose(edition, person, 2, add=True)
            else:
                casting.cast(edition, person, [1, 2], seen_version=0, key=person.email)
    editions.show(_called(twin, "shown").id)
    _called(twin, "due").closes_at = now()


@filling.content
def closed(twin: Twin) -> None:
    """Close votes; the worker counts them."""
    for stage in ("counted", "results", "counting"):
        closing.close_now(_called(twin, stage).id)


@filling.content
def published(twin: Twin) -> None:
    """Publish a result, and have a worker die over another count."""
    counting.publish_result(_called(twin, "results").id)
    edition = _called(twin, "counting")
    count = counting.latest(edition)
    assert count is not None
    edition.stage, count.state, count.read = Stage.COUNTING, CountState.RUNNING, 0
    count.started_at = now() - timedelta(hours=1)


@filling.values("edition_id")
def edition_ids(_twin: Twin) -> Iterable[UUID]:
    """Return every edition."""
    return db.session.scalars(select(Edition.id).order_by(Edition.id)).all()


@filling.values("slug")
def slugs(_twin: Twin) -> Iterable[str]:
    """Return the address of every edition."""
    return db.session.scalars(select(Edition.slug).order_by(Edition.id)).all()


@filling.values("edition_id", "number")
def project_numbers(_twin: Twin) -> Iterable[tuple[UUID, int]]:
    """Return the first and the last project of every edition."""
    found = select(Project.edition_id, Project.number).where(Project.number.in_((1, 3)))
    return [(row[0], row[1]) for row in db.session.execute(found.order_by(Project.edition_id, Project.number))]


@filling.values("slug", "number")
def project_addresses(_twin: Twin) -> Iterable[tuple[str, int]]:
    """Return a project of every edition by the address of the edition."""
    found = select(Edition.slug, Project.number).join(Project, Project.edition_id == Edition.id)
    rows = db.session.execute(found.where(Project.number == 1).order_by(Edition.id))
    return [(row[0], row[1]) for row in rows]


@filling.values("edition_id", "category_id")
def categories(_twin: Twin) -> Iterable[tuple[UUID, UUID]]:
    """Return the categories with their editions."""
    found = select(Category.edition_id, Category.id).order_by(Category.position.desc(), Category.id)
    return [(row[0], row[1]) for row in db.session.execute(found)]


@filling.values("count_id", "read")
def counts(_twin: Twin) -> Iterable[tuple[UUID, int]]:
    """Return every count with how far it has come."""
    return [(count.id, count.read) for count in db.session.scalars(select(Count).order_by(Count.id))]


def _called(twin: Twin, stage: str) -> Edition:
    return db.session.scalars(select(Edition).where(Edition.slug == twin.key(stage))).one()
