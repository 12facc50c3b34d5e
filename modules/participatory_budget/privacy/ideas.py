"""What is kept about those who bring ideas, comment on them and support them.

Ideas and comments are public with the name of whoever wrote them. When she deletes her account they stay, and "A
resident" stands there, as others have answered and support them; drafts and supports of an open phase go.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, exists, or_, select

from app.sdk import Basis, Holding, Record, Stays, _, _l, db, holds, picked

from ..models import Edition, Idea, IdeaAuthor, IdeaComment, IdeaReport
from ..rules.ideas.states import IdeaState
from ..rules.schedule import Part
from ..services.ideas import authors, commenting, drafts, files, kept, reporting, supporting
from ..services.ideas.rules_of import is_on
from ..services.ideas.seeing import mine


def _ideas(account_id: UUID) -> Iterable[Record]:
    for edition in _editions():
        for idea in mine(edition, account_id):
            yield {
                "edition": picked(edition.title).text,
                "number": idea.number,
                "state": idea.state.value,
                "title": idea.title,
                "text": idea.text,
                "place": idea.place,
                "latitude": idea.latitude,
                "longitude": idea.longitude,
                "begun_at": idea.created_at,
                "handed_in_at": idea.submitted_at,
                "files": [f"{one.name}: {one.description}" for one in files.of(idea)],
            }


def _erase_ideas(account_id: UUID) -> None:
    """Delete drafts that nobody else writes with; take the name off the rest."""
    drafts.forget(account_id)
    authors.forget(account_id)


def _ideas_stay(account_id: UUID) -> Iterable[Stays]:
    joined = select(IdeaAuthor.idea_id).where(IdeaAuthor.account_id == account_id)
    shown = exists().where(
        or_(Idea.author_id == account_id, Idea.id.in_(joined)), Idea.state != IdeaState.DRAFT
    )
    if db.session.scalar(select(shown)):
        yield Stays(
            _("The ideas you handed in, without your name."),
            _("Others support them and have answered, and the city decides about them."),
        )


def _comments(account_id: UUID) -> Iterable[Record]:
    said = (
        select(IdeaComment, Idea.title)
        .join(Idea, Idea.id == IdeaComment.idea_id)
        .where(IdeaComment.account_id == account_id)
        .order_by(IdeaComment.written_at, IdeaComment.id)
    )
    for comment, title in db.session.execute(said):
        yield {
            "idea": title,
            "text": comment.text,
            "state": comment.state.value,
            "written_at": comment.written_at,
            "changed_at": comment.edited_at,
        }
    own = select(IdeaReport, Idea.title).join(Idea, Idea.id == IdeaReport.idea_id)
    for report, title in db.session.execute(own.where(IdeaReport.reporter == reporting.reporter(account_id))):
        yield {
            "reported": title,
            "reason": report.reason.value,
            "note": report.note,
            "at": report.reported_at,
        }


def _erase_comments(account_id: UUID) -> None:
    commenting.forget(account_id)
    db.session.execute(delete(IdeaReport).where(IdeaReport.reporter == reporting.reporter(account_id)))


def _comments_stay(account_id: UUID) -> Iterable[Stays]:
    if db.session.scalar(select(exists().where(IdeaComment.account_id == account_id))):
        yield Stays(
            _("Your comments on ideas, without your name."),
            _("Others have answered them. You can take each back before you leave."),
        )


def _supports(account_id: UUID) -> Iterable[Record]:
    for edition in _editions():
        ids = supporting.supported(edition, account_id)
        titles = select(Idea.title).where(Idea.id.in_(ids)).order_by(Idea.number)
        for title in db.session.scalars(titles) if ids else ():
            yield {"edition": picked(edition.title).text, "idea": title}


def _erase_supports(account_id: UUID) -> None:
    for edition in _editions():
        if is_on(edition, Part.SUPPORT):
            supporting.forget(edition, account_id)


def _supports_stay(account_id: UUID) -> Iterable[Stays]:
    for edition in _editions():
        if not is_on(edition, Part.SUPPORT) and supporting.supported(edition, account_id):
            yield Stays(
                _("That somebody supported ideas, under a name that says nothing."),
                _("The phase is over and the numbers are published."),
            )
            return


def _retain(moment: datetime) -> int:
    return kept.forget_old(moment) + drafts.forget_old(moment)


def _editions() -> Iterable[Edition]:
    """Return the editions in which anybody has written or supported something."""
    written = exists().where(Idea.edition_id == Edition.id)
    return db.session.scalars(select(Edition).where(written).order_by(Edition.created_at.desc())).all()


holds(
    Holding(
        "participatory_budget.ideas",
        _l(
            "Your ideas for the participatory budget, with photos and documents, and those you were invited to"
        ),
        _l("So that residents propose what the city does, and stand for it with their name."),
        Basis.PUBLIC_TASK,
        _l(
            "Ideas stay with their edition, without your name once you leave; drafts go a year after the last change"
        ),
        _ideas,
        _erase_ideas,
        _ideas_stay,
        retain=_retain,
        tables=(
            "participatory_budget_idea",
            "participatory_budget_idea_author",
            "participatory_budget_idea_file",
            "participatory_budget_idea_event",
            "participatory_budget_idea_kept",
        ),
        recipients=_l("Everybody reads ideas that are shown, with the names of their authors"),
    )
)
holds(
    Holding(
        "participatory_budget.comments",
        _l("What you said to ideas, and what you reported"),
        _l("So that ideas get better by being discussed, and what hurts others is not shown."),
        Basis.PUBLIC_TASK,
        _l("Comments stay with their idea, without your name once you leave; reports go with your account"),
        _comments,
        _erase_comments,
        _comments_stay,
        tables=("participatory_budget_idea_comment", "participatory_budget_idea_report"),
        recipients=_l("Everybody reads comments that are shown, with the names of their authors"),
    )
)
holds(
    Holding(
        "participatory_budget.supports",
        _l("Which ideas you support"),
        _l("So that everybody supports an idea once."),
        Basis.PUBLIC_TASK,
        _l("Under a name that says nothing; until you take it back or leave, while ideas can be supported"),
        _supports,
        _erase_supports,
        _supports_stay,
        tables=("participatory_budget_idea_support",),
    )
)
