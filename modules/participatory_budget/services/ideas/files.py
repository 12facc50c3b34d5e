"""Photos and documents of an idea; the files themselves are uploads of the platform."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from app.sdk import (
    ANYTHING,
    Account,
    Conflict,
    Invalid,
    NotFound,
    Upload,
    _,
    attach_upload,
    db,
    forget_upload,
    now,
    serves,
    shown_upload,
    signed_link,
)

from ...models import Edition, Idea, IdeaFile
from ...rules.ideas.states import Happening, IdeaState
from . import history, publishing
from .rules_of import rules_of
from .seeing import may_see, must_be_changeable, owned

USE = "participatory_budget.idea"
MOST_BYTES = 8_000_000
ACCEPTED = tuple(kind for kind in ANYTHING if kind in ("picture", "pdf"))
LINK_LIVES = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Shown:
    """A file as pages show it."""

    id: UUID
    url: str
    name: str
    description: str
    is_picture: bool
    kilobytes: int
    is_ready: bool


def may_read(file_id: UUID, _purpose: str) -> bool:
    """Tell whether the reader may have a file: whoever sees its idea."""
    row = db.session.scalar(select(IdeaFile).where(IdeaFile.upload_id == file_id))
    idea = db.session.get(Idea, row.idea_id) if row is not None else None
    return idea is not None and may_see(db.session.get_one(Edition, idea.edition_id), idea)


serves(USE, may_read, accepts=ACCEPTED, most_bytes=MOST_BYTES)


def of(idea: Idea) -> list[Shown]:
    """Return the files of an idea in their order, without those that are gone."""
    return [shown for row in _rows(idea) if (shown := _shown(row)) is not None]


def pictures(ideas: Iterable[Idea]) -> dict[UUID, Shown]:
    """Return the first photo of each idea that has one, in two queries at most."""
    ids = [idea.id for idea in ideas]
    rows = select(IdeaFile).where(IdeaFile.idea_id.in_(ids), IdeaFile.is_picture)
    first: dict[UUID, IdeaFile] = {}
    for row in db.session.scalars(rows.order_by(IdeaFile.position.desc())):
        first[row.idea_id] = row
    return {
        idea_id: Shown(
            row.upload_id, signed_link(row.upload_id, lives=LINK_LIVES), "", row.description, True, 0, True
        )
        for idea_id, row in first.items()
    }


def add(edition: Edition, idea_id: UUID, account: Account, upload_id: UUID, description: str) -> IdeaFile:
    """Add a photo or a document to an idea; raises Invalid for a photo without words, Conflict for one too many."""
    idea = owned(idea_id, account, lock=True)
    must_be_changeable(edition, idea)
    rows, most = _rows(idea), rules_of(edition).most_files
    if upload_id in {row.upload_id for row in rows}:
        return next(row for row in rows if row.upload_id == upload_id)
    if len(rows) >= most:
        raise Conflict(_("An idea has at most %(most)s files. Take one away first.", most=most))
    upload = shown_upload(upload_id)
    is_picture = upload.kind == "picture"
    words = " ".join(description.split())[:200]
    if is_picture and not words:
        raise Invalid(_("Say what the photo shows, for people who cannot see it."))
    row = IdeaFile(
        idea_id=idea.id,
        upload_id=upload_id,
        position=max((one.position for one in rows), default=0) + 1,
        is_picture=is_picture,
        description=words or upload.name,
    )
    db.session.add(row)
    attach_upload(upload_id)
    _note(idea)
    if idea.state is not IdeaState.DRAFT:
        publishing.look_again(edition, idea)
        publishing.show_as_is(idea)
    return row


def remove(edition: Edition, idea_id: UUID, account: Account, file_id: UUID) -> None:
    """Take a file away from an idea for good."""
    idea = owned(idea_id, account, lock=True)
    must_be_changeable(edition, idea)
    row = next((one for one in _rows(idea) if one.upload_id == file_id), None)
    if row is None:
        raise NotFound(_("There is no such file."))
    db.session.delete(row)
    forget_upload(file_id)
    _note(idea)


def forget_all(idea: Idea) -> None:
    """Delete the files of an idea that goes."""
    for row in _rows(idea):
        forget_upload(row.upload_id)


def _rows(idea: Idea) -> Sequence[IdeaFile]:
    rows = select(IdeaFile).where(IdeaFile.idea_id == idea.id)
    return db.session.scalars(rows.order_by(IdeaFile.position, IdeaFile.id).limit(100)).all()


def _shown(row: IdeaFile) -> Shown | None:
    try:
        upload: Upload = shown_upload(row.upload_id)
    except NotFound:
        return None
    link = signed_link(row.upload_id, lives=LINK_LIVES)
    size = -(-upload.bytes // 1000)
    return Shown(row.upload_id, link, upload.name, row.description, row.is_picture, size, upload.is_ready)


def _note(idea: Idea) -> None:
    if idea.state is not IdeaState.DRAFT:
        history.note(idea, Happening.CHANGED, earlier=(idea.title, idea.text))
        idea.changed_at = now()
