"""What the isolation suite needs of the participatory budget: an edition at each point of its life, in both cities."""

import io
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from PIL import Image
from sqlalchemy import select

from app.sdk import Account, db, now, store_image
from app.testing.leaks import Filling, Twin, Upload
from modules.participatory_budget.models import Category, Count, Edition, Project
from modules.participatory_budget.rules.phases import Stage
from modules.participatory_budget.services import (
    casting,
    certifying,
    counting,
    districts,
    drafts,
    editions,
    projects,
    voters,
)
from modules.participatory_budget.services.realisation import settings

from . import arranging
from .isolating import after, ballots, comparing, edition, ideas, review
from .isolating import voters as ways_to_vote

filling = Filling()
VOTES = """META
key;value
description;Typed
num_projects;1
num_votes;1
budget;300
vote_type;approval
rule;greedy
currency;EUR
PROJECTS
project_id;cost;votes;name;category;selected
a1;100;1;Garden;Green;1
VOTES
voter_id;vote
v1;a1
"""
STAGES = ("draft", "shown", "voting", "counted", "results", "counting", "due", "late")
OPENED = STAGES[2:]
LASTS = timedelta(days=10)


@filling.content
def prepared(twin: Twin) -> None:
    """Make an edition for each point of a life, all of them ready to be opened."""
    for stage in STAGES:
        edition = editions.create(twin.key(stage), twin.texts(f"edition {stage}"))
        edition.summary, edition.description = twin.texts("summary"), twin.texts("description")
        edition.result_note, edition.source = twin.texts("note"), twin.texts("source")
        edition.budget, edition.max_choices = 100_000, 2
        edition.opens_at, edition.closes_at = now() + timedelta(hours=1), now() + LASTS
        _themes(twin, edition)
        for number in range(3):
            texts = projects.ProjectTexts(
                title=twin.texts(f"project {number}"),
                summary=twin.texts("what for"),
                cost=10_000 * (number + 1),
                category="green",
                district=edition.districts[0].key,
                picture=_picture(twin) if number == 0 else "",
                picture_alt=twin.texts("picture") if number == 0 else {},
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


def _picture(twin: Twin) -> str:
    content = io.BytesIO()
    Image.new("RGB", (16, 16 + twin.alone), {"paris": "navy", "budapest": "teal"}[twin.slug]).save(
        content, "PNG"
    )
    content.seek(0)
    return store_image(content)


@filling.content
def voted(twin: Twin) -> None:
    """Open votes; the editor and the administrator vote, the resident has begun to choose."""
    emails = [twin.email(role) for role in ("administrator", "editor", "resident")]
    people = db.session.scalars(select(Account).where(Account.email.in_(emails))).all()
    for stage in OPENED:
        edition = _called(twin, stage)
        editions.show(edition.id)
        editions.open_now(edition.id)
        for person in people:
            if person.email == twin.email("resident"):
                drafts.choose(edition, voters.by_account(edition, person), 2, add=True)
            else:
                given = casting.cast(
                    edition,
                    voters.by_account(edition, person),
                    {1: 1, 2: 1},
                    seen_version=0,
                    key=person.email,
                )
                twin.keep("receipt", given.code)
    editions.show(_called(twin, "shown").id)
    _called(twin, "due").closes_at = now()


@filling.content
def closed(twin: Twin) -> None:
    """Close votes; the worker counts them."""
    for stage in ("counted", "results", "counting"):
        arranging.closed(_called(twin, stage))


@filling.content
def published(twin: Twin) -> None:
    """Have two results signed and one published, and have a worker die over another count."""
    for stage in ("counted", "results"):
        _signed(twin, _called(twin, stage))
    result = _called(twin, "results")
    settings.change(result.id, settings.Settings([twin.texts("step")]))
    certifying.publish_result(result.id)
    edition = _called(twin, "counting")
    finished = counting.latest(edition)
    assert finished is not None
    db.session.delete(finished)
    edition.stage = Stage.COUNTING
    begun = {"votes": finished.votes, "started_at": now() - timedelta(hours=1)}
    db.session.add(Count(edition_id=edition.id, total=finished.total, **begun))


def _signed(twin: Twin, edition: Edition) -> None:
    """Have two people sign who are not asked to do so again."""
    for number in (1, 2):
        signer = certifying.Signer(UUID(int=number), twin.text(f"signer {number}"))
        digest = certifying.digest_of(counting.finished(edition))
        certifying.certify(edition.id, signer, digest)
    twin.keep(f"digest of {edition.slug}", digest)


after.fill(filling)
ballots.fill(filling)
ideas.fill(filling)
review.fill(filling)
comparing.fill(filling)
ways_to_vote.fill(filling)
edition.fill(filling)


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
    return [
        (row[0], row[1]) for row in db.session.execute(found.order_by(Project.edition_id, Project.number))
    ]


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


@filling.values("count_id")
def count_ids(_twin: Twin) -> Iterable[UUID]:
    """Return every count."""
    return db.session.scalars(select(Count.id).order_by(Count.id)).all()


@filling.values("count_id", "read")
def counts(_twin: Twin) -> Iterable[tuple[UUID, int]]:
    """Return every count with how far it has come."""
    return [(count.id, count.read) for count in db.session.scalars(select(Count).order_by(Count.id))]


def _called(twin: Twin, stage: str) -> Edition:
    return db.session.scalars(select(Edition).where(Edition.slug == twin.key(stage))).one()


filling.answers("participatory_budget_public.check_receipt", code=lambda twin: twin.kept["receipt"][0])
filling.answers("participatory_budget_admin.certify", seen=lambda twin: twin.kept["digest of counted"][0])
filling.answers("participatory_budget_admin.categories", **{"name-fr": "Vert"})
filling.answers("participatory_budget_admin.new_project", **{"title-fr": "Banc", "cost": "7"})
filling.answers(
    "participatory_budget_admin.new", **{"title-fr": "Budget", "slug": "typed", "choices": "2", "budget": "9"}
)
filling.answers(
    "participatory_budget_admin.extend",
    closes_day=lambda _twin: f"{now() + 2 * LASTS:%Y-%m-%d}",
    closes_time="18:00",
)
filling.answers(
    "participatory_budget_admin.import_file", slug="typed", file=Upload(VOTES.encode(), "votes.pb")
)
for _column in ("category.key", "edition.slug", "project.category"):
    filling.review(
        f"no text participatory_budget_{_column}", "part of an address, the same in both cities on purpose"
    )
filling.review("no text participatory_budget_edition.eligibility", "a rule made of names that the code gives")
filling.review("no text participatory_budget_project.picture", "the name of a file, made from its content")
filling.review("no text participatory_budget_count.*", "numbers, hashes and reasons that the code gives")
filling.file("votes.pb", VOTES)
filling.command("pb import", "{folder}/votes.pb", "--city", "{city}")
filling.command("pb tally", "--verify", "--city", "{city}", "--edition", "results")
for _column in (
    "channel_total.contest",
    "contest_result.contest",
    "idea.category",
    "idea.district",
    "paper_batch.district",
    "sealed_ballot.contest",
):
    filling.review(f"no text participatory_budget_{_column}", "the key of a district or a category")
for _column in ["certificate.sha256", "contest_result.ballots_sha256", "idea_author.token"]:
    filling.review(f"no text participatory_budget_{_column}", "a digest or a hash")
for _column in ["balloting", "counting", "schedule", "review_rules", "realisation"]:
    filling.review(f"no text participatory_budget_edition.{_column}", "numbers, dates and choices of ours")
filling.review(
    "no text participatory_budget_rule_change.wanted", "settings by their names, as they are frozen"
)
filling.review("no rows participatory_budget_admission", "made by a code that is typed in a browser")
filling.review("no rows participatory_budget_attempt", "counted when a ballot is refused in a browser")
