"""An idea from the first word to the day it is handed in: drafts, changes, taking it back."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select, text

from app.sdk import Account, Conflict, Invalid, _, audit, current_city, db, language, now

from ...models import Edition, Idea
from ...rules.ideas.doubts import must_wait
from ...rules.ideas.states import Happening, IdeaState, Source
from . import files, history, hooks, publishing
from .doubting import Sending, doubts_of
from .rules_of import must_take_ideas, rules_of
from .seeing import must_be_changeable, owned

LONGEST_TITLE, LONGEST_PLACE = 120, 200
MOST_DRAFTS = 10


@dataclass(frozen=True, slots=True)
class Beginning:
    """What the idea is called, and what it is about."""

    title: str
    category: str = ""


@dataclass(frozen=True, slots=True)
class Where:
    """Where it would be: a district, a place in words, a point on the map; all of them can be empty."""

    district: str = ""
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """What is proposed, and what its author thinks that it costs."""

    text: str
    cost: int | None = None


Part_ = Beginning | Where | Words


def begin(edition: Edition, account: Account, beginning: Beginning) -> Idea:
    """Keep the first words of a new idea as a draft."""
    must_take_ideas(edition)
    _enter(edition, account.id)
    drafts = (
        select(func.count())
        .select_from(Idea)
        .where(Idea.edition_id == edition.id, Idea.author_id == account.id, Idea.state == IdeaState.DRAFT)
    )
    if (db.session.scalar(drafts) or 0) >= MOST_DRAFTS:
        raise Conflict(_("You have %(most)s drafts. Hand one in or delete it first.", most=MOST_DRAFTS))
    moment = now()
    idea = Idea(
        edition_id=edition.id,
        author_id=account.id,
        author_name=account.name,
        language=language(),
        created_at=moment,
        changed_at=moment,
    )
    _write(edition, idea, beginning)
    db.session.add(idea)
    db.session.flush()
    return idea


def save(
    edition: Edition,
    idea_id: UUID,
    account: Account,
    part: Part_,
    *,
    seen: int,
    sending: Sending | None = None,
) -> Idea:
    """Save a part of a draft, or change an idea that was handed in; raises Conflict when somebody else was faster.

    `seen` is the version that the page showed. Where ideas are looked at before they show, a changed one waits for a
    person again; elsewhere one that now looks as if no resident had written it.
    """
    idea = owned(idea_id, account, lock=True)
    must_be_changeable(edition, idea)
    if idea.version != seen:
        raise Conflict(_("Another author has changed the idea meanwhile. Look at it, then change it again."))
    before = (idea.title, idea.text, idea.category, idea.district, idea.place, idea.latitude, idea.cost)
    earlier = (idea.title, idea.text)
    _write(edition, idea, part)
    after = (idea.title, idea.text, idea.category, idea.district, idea.place, idea.latitude, idea.cost)
    if before == after:
        return idea
    idea.version, idea.changed_at = idea.version + 1, now()
    if idea.state is not IdeaState.DRAFT:
        _must_be_complete(edition, idea)
        _note_change(edition, idea, account, earlier, sending or Sending())
    db.session.flush()
    return idea


def hand_in(edition: Edition, idea_id: UUID, account: Account, sending: Sending) -> Idea:
    """Hand a draft in; a second click changes nothing. Raises Invalid for what is missing, PhaseClosed too late."""
    must_take_ideas(edition)
    idea = owned(idea_id, account, lock=True)
    if idea.state is not IdeaState.DRAFT:
        return idea
    _must_be_complete(edition, idea)
    _enter(edition, account.id)
    _must_have_room(edition, account.id)
    idea.doubts = [doubt.value for doubt in doubts_of(account, f"{idea.title}\n{idea.text}", sending)]
    _enter_in_order(edition, idea)
    return idea


def record(
    edition: Edition, by: Account, parts: tuple[Beginning, Where, Words], *, name: str, source: Source
) -> Idea:
    """Write down for somebody what was handed in on paper or said at a workshop."""
    moment = now()
    idea = Idea(
        edition_id=edition.id,
        author_name=name.strip()[:120],
        source=source,
        recorded_by=by.id,
        language=language(),
        created_at=moment,
        changed_at=moment,
    )
    for part in parts:
        _write(edition, idea, part)
    db.session.add(idea)
    db.session.flush()
    _must_be_complete(edition, idea)
    _enter_in_order(edition, idea)
    audit("participatory_budget.idea_recorded", subject=f"idea:{idea.id}", source=source.value)
    return idea


def withdraw(edition: Edition, idea_id: UUID, account: Account) -> Idea:
    """Take an idea back: a draft is gone, what was handed in is no longer shown."""
    idea = owned(idea_id, account, lock=True)
    if idea.state is IdeaState.DRAFT:
        files.forget_all(idea)
        db.session.delete(idea)
        return idea
    if idea.state is IdeaState.WITHDRAWN:
        return idea
    must_be_changeable(edition, idea)
    idea.state, idea.publish_at, idea.version = IdeaState.WITHDRAWN, None, idea.version + 1
    history.note(idea, Happening.WITHDRAWN)
    publishing.show_as_is(idea)
    hooks.tell(hooks.On.WITHDRAWN, idea)
    return idea


def missing(edition: Edition, idea: Idea) -> list[str]:
    """Return what an idea still needs before it can be handed in, in words."""
    rules, found = rules_of(edition), []
    if not idea.title.strip():
        found.append(_("Give the idea a title."))
    if edition.categories and not idea.category:
        found.append(_("Choose a category."))
    if len(idea.text.strip()) < rules.shortest_text:
        found.append(_("Describe the idea in at least %(number)s characters.", number=rules.shortest_text))
    return found


def _write(edition: Edition, idea: Idea, part: Part_) -> None:
    """Put a part into an idea; keys that the edition does not have are refused."""
    if isinstance(part, Beginning):
        if part.category and part.category not in {one.key for one in edition.categories}:
            raise Invalid(_("Choose a category from the list."))
        idea.title, idea.category = _one_line(part.title)[:LONGEST_TITLE], part.category
    elif isinstance(part, Where):
        if part.district and part.district not in {one.key for one in edition.districts}:
            raise Invalid(_("Choose a district from the list."))
        idea.district, idea.place = part.district, _one_line(part.place)[:LONGEST_PLACE]
        on_map = part.latitude is not None and part.longitude is not None
        idea.latitude = part.latitude if on_map else None
        idea.longitude = part.longitude if on_map else None
    else:
        words = part.text.replace("\r\n", "\n").strip()
        if len(words) > (most := rules_of(edition).longest_text):
            raise Invalid(_("The description has at most %(most)s characters.", most=most))
        idea.text, idea.cost = words, part.cost


def _note_change(
    edition: Edition, idea: Idea, account: Account, earlier: tuple[str, str], sending: Sending
) -> None:
    history.note(idea, Happening.CHANGED, earlier=earlier)
    doubts = doubts_of(account, f"{idea.title}\n{idea.text}", sending, besides=idea.id)
    idea.doubts = [doubt.value for doubt in doubts]
    publishing.look_again(edition, idea)
    if must_wait(doubts):
        idea.state, idea.publish_at = IdeaState.WAITING, None
    publishing.show_as_is(idea)
    hooks.tell(hooks.On.CHANGED, idea)


def _enter_in_order(edition: Edition, idea: Idea) -> None:
    """Give an idea the next number of its edition and put it on its way to the public."""
    db.session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"),
        {"key": f"participatory_budget ideas {current_city().id} {edition.id}"},
    )
    last = db.session.scalar(select(func.max(Idea.number)).where(Idea.edition_id == edition.id)) or 0
    idea.number, idea.submitted_at, idea.state = last + 1, now(), IdeaState.WAITING
    idea.version += 1
    history.note(idea, Happening.HANDED_IN)
    db.session.flush()
    publishing.on_its_way(edition, idea)
    hooks.tell(hooks.On.SUBMITTED, idea)


def _must_be_complete(edition: Edition, idea: Idea) -> None:
    if needs := missing(edition, idea):
        raise Invalid(" ".join(needs))


def _must_have_room(edition: Edition, account_id: UUID) -> None:
    most = rules_of(edition).most_ideas
    if most is None:
        return
    handed_in = (
        select(func.count())
        .select_from(Idea)
        .where(
            Idea.edition_id == edition.id,
            Idea.author_id == account_id,
            Idea.state.not_in((IdeaState.DRAFT, IdeaState.WITHDRAWN)),
        )
    )
    if (db.session.scalar(handed_in) or 0) >= most:
        raise Conflict(_("Everybody can hand in %(most)s ideas, and you have.", most=most))


def _enter(edition: Edition, account_id: UUID) -> None:
    """Let one person do one thing with her ideas at a time, so that limits hold."""
    db.session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"),
        {"key": f"participatory_budget writer {current_city().id} {edition.id} {account_id}"},
    )


def _one_line(words: str) -> str:
    return " ".join(words.split())
