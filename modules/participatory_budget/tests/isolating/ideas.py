"""What the isolation suite needs of ideas: drafts, shown and merged ones, comments, supports, invitations, files."""

import io
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from PIL import Image
from sqlalchemy import select

from app.sdk import Account, db, now, secret_hash, store_upload
from app.testing.leaks import Filling, Twin, Upload
from modules.participatory_budget.models import (
    Edition,
    Idea,
    IdeaAuthor,
    IdeaComment,
    IdeaFile,
)
from modules.participatory_budget.rules.ideas.rules import IdeaRules, Publication, write_idea_rules
from modules.participatory_budget.rules.ideas.states import ReportReason
from modules.participatory_budget.rules.schedule import Part, Span, write_schedule
from modules.participatory_budget.services import editions
from modules.participatory_budget.services.ideas import (
    authors,
    commenting,
    files,
    kept,
    merging,
    reporting,
    supporting,
    writing,
)
from modules.participatory_budget.services.ideas.doubting import Sending

EDITION = "collecting"
PEOPLE = Sending(seconds=300.0)
PUBLIC = "participatory_budget_public"


def fill(filling: Filling) -> None:
    """Add what is made in both cities and the values that addresses take."""
    filling.content(written)
    for endpoint in ("idea", "comment", "report", "support"):
        filling.values("slug", "number", of=f"{PUBLIC}.{endpoint}")(addresses)
    filling.values("slug", "number", of="participatory_budget_rest.idea")(addresses)
    filling.values("slug", "number", "comment_id")(comments)
    filling.values("comment_id")(lambda twin: [one[2] for one in comments(twin)])
    filling.values("slug", "idea_id")(drafts)
    filling.values("idea_id")(idea_ids)
    filling.values("slug", "idea_id", "file_id")(file_ids)
    filling.values("slug", "idea_id", "invitation_id")(invitations)
    filling.values("slug", "secret")(secrets)
    text = "This is a matter of the city, and not of others. " * 4
    filling.answers(f"{PUBLIC}.new_idea", title="Banc")
    filling.answers(f"{PUBLIC}.idea_title", title="Banc")
    filling.answers(f"{PUBLIC}.idea_text", text=text)
    filling.answers(f"{PUBLIC}.idea_files", file=Upload(picture(), "photo.png"), description="A bench")
    filling.answers(f"{PUBLIC}.comment", text="Well said.")
    filling.answers(f"{PUBLIC}.change_comment", text="Better said.")
    filling.answers(f"{PUBLIC}.co_authors", email="somebody@else.example")
    filling.answers(f"{PUBLIC}.report", reason="spam")
    admin = "participatory_budget_admin"
    filling.answers(f"{admin}.record_idea", source="paper", title="Banc", text=text)
    for column in (
        "idea_support.*",
        "idea.doubts",
        "idea_comment.doubts",
        "edition.idea_rules",
        "idea_report.*",
    ):
        filling.review(f"no text participatory_budget_{column}", "hashes, and words that the code gives")


def written(twin: Twin) -> None:
    """Make an edition that takes ideas and supports at once, with something of everything."""
    edition = editions.create(twin.key(EDITION), twin.texts("edition collecting"))
    edition.summary, edition.budget, edition.max_choices = twin.texts("summary"), 100_000, 2
    span = Span(now() - timedelta(days=1), now() + timedelta(days=30))
    edition.schedule = write_schedule(dict.fromkeys((Part.IDEAS, Part.SUPPORT), span))
    edition.idea_rules = write_idea_rules(IdeaRules(publication=Publication.AT_ONCE, asks_cost=True))
    editions.show(edition.id)
    people = [_person(twin, name) for name in ("resident", "editor", "administrator")]
    ideas = [_handed_in(twin, edition, people[number % 3], number) for number in range(4)]
    _draft(twin, edition, people[0], 9)
    said = commenting.write(edition, ideas[0].id, people[0], twin.text("comment"), sending=PEOPLE)
    commenting.write(edition, ideas[0].id, people[1], twin.text("answer"), answers=said.id, sending=PEOPLE)
    for idea, person in zip(ideas, people, strict=False):
        supporting.support(edition, idea.id, person)
        reporting.report(idea, person, ReportReason.OTHER, twin.text("report"))
    invited = authors.invite(edition, ideas[0].id, people[0], twin.email("invited"))
    secret = twin.key("invitation-secret")
    invited.token = secret_hash(secret)
    twin.keep("invitation", secret)
    twin.keep("invited to", edition.slug)
    upload = store_upload(io.BytesIO(picture(twin)), f"{twin.mark}.png", files.USE)
    files.add(edition, ideas[0].id, people[0], upload.id, twin.text("photo"))
    merging.merge_into(ideas[3], ideas[2])
    kept.keep({"text": twin.text("kept")})


def _handed_in(twin: Twin, edition: Edition, author: Account, number: int) -> Idea:
    draft = _draft(twin, edition, author, number)
    return writing.hand_in(edition, draft.id, author, PEOPLE)


def _draft(twin: Twin, edition: Edition, author: Account, number: int) -> Idea:
    idea = writing.begin(edition, author, writing.Beginning(twin.text(f"idea {number}")))
    place = writing.Where("", twin.text("place"), 48.9, 2.3)
    writing.save(edition, idea.id, author, place, seen=idea.version)
    words = writing.Words(twin.text(f"what is proposed {number} ") * 6, 700)
    return writing.save(edition, idea.id, author, words, seen=idea.version)


def addresses(_twin: Twin) -> Iterable[tuple[str, int]]:
    """Return every idea that was handed in, by the address of its edition."""
    found = select(Edition.slug, Idea.number).join(Idea, Idea.edition_id == Edition.id)
    rows = db.session.execute(found.where(Idea.number.is_not(None)).order_by(Edition.slug, Idea.number))
    return [(row[0], row[1]) for row in rows]


def comments(_twin: Twin) -> Iterable[tuple[str, int, UUID]]:
    """Return every comment with its idea."""
    found = select(Edition.slug, Idea.number, IdeaComment.id)
    found = found.join(Idea, Idea.edition_id == Edition.id).join(IdeaComment, IdeaComment.idea_id == Idea.id)
    return [(row[0], row[1], row[2]) for row in db.session.execute(found.order_by(IdeaComment.id))]


def drafts(_twin: Twin) -> Iterable[tuple[str, UUID]]:
    """Return every idea and draft with its edition."""
    found = select(Edition.slug, Idea.id).join(Idea, Idea.edition_id == Edition.id)
    return [(row[0], row[1]) for row in db.session.execute(found.order_by(Idea.id.desc()))]


def idea_ids(_twin: Twin) -> Iterable[UUID]:
    """Return every idea."""
    return db.session.scalars(select(Idea.id).order_by(Idea.id)).all()


def file_ids(_twin: Twin) -> Iterable[tuple[str, UUID, UUID]]:
    """Return every file with its idea."""
    found = select(Edition.slug, Idea.id, IdeaFile.upload_id)
    found = found.join(Idea, Idea.edition_id == Edition.id).join(IdeaFile, IdeaFile.idea_id == Idea.id)
    return [(row[0], row[1], row[2]) for row in db.session.execute(found.order_by(IdeaFile.id))]


def invitations(_twin: Twin) -> Iterable[tuple[str, UUID, UUID]]:
    """Return every invitation with its idea."""
    found = select(Edition.slug, Idea.id, IdeaAuthor.id)
    found = found.join(Idea, Idea.edition_id == Edition.id).join(IdeaAuthor, IdeaAuthor.idea_id == Idea.id)
    return [(row[0], row[1], row[2]) for row in db.session.execute(found.order_by(IdeaAuthor.id))]


def secrets(twin: Twin) -> Iterable[tuple[str, str]]:
    """Return the links of the invitations, as their mails have them."""
    return zip(twin.kept["invited to"], twin.kept["invitation"], strict=True)


def _person(twin: Twin, name: str) -> Account:
    return db.session.scalars(select(Account).where(Account.email == twin.email(name))).one()


def picture(twin: Twin | None = None) -> bytes:
    """Return a photo as a city's people would add it, or as somebody does who fills in a form."""
    content = io.BytesIO()
    colour = {"paris": "navy", "budapest": "teal"}.get(twin.slug if twin else "", "olive")
    Image.new("RGB", (18, 18), colour).save(content, "PNG")
    return content.getvalue()
