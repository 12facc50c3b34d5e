"""The texts that moderators choose from; an edition that has written none of its own has the usual ones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from app.sdk import Conflict, Localized, NotFound, _, audit, current_city, db, force_locale

from ...models import Edition, RefusalReason
from ..editions import by_id

MOST = 30


@dataclass(frozen=True, slots=True)
class Reason:
    """One text with its short name, in every language of the city; `key` tells it from others in a form."""

    key: str
    name: Localized
    text: Localized


def reasons(edition: Edition) -> Sequence[Reason]:
    """Return what moderators of an edition choose from."""
    own = own_reasons(edition)
    if own:
        return [Reason(str(one.id), one.name, one.text) for one in own]
    texts = in_all_languages(lambda: [usual[1:] for usual in _usual()])
    return [Reason(usual[0], name, text) for usual, (name, text) in zip(_usual(), texts, strict=True)]


def own_reasons(edition: Edition) -> Sequence[RefusalReason]:
    """Return the texts that the city has written for this edition."""
    mine = select(RefusalReason).where(RefusalReason.edition_id == edition.id)
    return db.session.scalars(mine.order_by(RefusalReason.position, RefusalReason.id).limit(MOST)).all()


def text_of(edition: Edition, key: str) -> Localized:
    """Return the text with a key; nothing for one that is gone."""
    return next((one.text for one in reasons(edition) if one.key == key), {})


def take_usual(edition_id: UUID) -> None:
    """Make the usual texts the edition's own, so that they can be changed; nothing where there are some."""
    edition = by_id(edition_id, lock=True)
    if not own_reasons(edition):
        for one in reasons(edition):
            add(edition_id, one.name, one.text)


def reason(edition: Edition, reason_id: UUID) -> RefusalReason:
    """Return one of the edition's own texts; raises NotFound."""
    found = db.session.get(RefusalReason, reason_id)
    if found is None or found.edition_id != edition.id:
        raise NotFound(_("There is no such text."))
    return found


def add(edition_id: UUID, name: Localized, text: Localized) -> RefusalReason:
    """Give moderators another text, last in the list."""
    edition = by_id(edition_id, lock=True)
    known = db.session.scalar(
        select(func.count()).select_from(RefusalReason).where(RefusalReason.edition_id == edition.id)
    )
    if (known or 0) >= MOST:
        raise Conflict(_("There can be %(most)s texts at most.", most=MOST))
    made = RefusalReason(edition_id=edition.id, position=known or 0, name=name, text=text)
    db.session.add(made)
    db.session.flush()
    _note(edition)
    return made


def change(edition_id: UUID, reason_id: UUID, name: Localized, text: Localized) -> RefusalReason:
    """Change a text; what was written to authors with it stays as it was."""
    edition = by_id(edition_id, lock=True)
    found = reason(edition, reason_id)
    found.name, found.text = name, text
    _note(edition)
    return found


def remove(edition_id: UUID, reason_id: UUID) -> None:
    """Take a text off the list; without any left the usual ones are back."""
    edition = by_id(edition_id, lock=True)
    db.session.delete(reason(edition, reason_id))
    _note(edition)


def _note(edition: Edition) -> None:
    audit("participatory_budget.reason_saved", subject=f"edition:{edition.id}")


def in_all_languages(say: Callable[[], Sequence[tuple[str, ...]]]) -> list[tuple[Localized, ...]]:
    """Return rows of words, each word in every language of the city."""
    said: dict[str, Sequence[tuple[str, ...]]] = {}
    for code in current_city().languages:
        with force_locale(code):
            said[code] = say()
    first = next(iter(said.values()))
    return [
        tuple({code: rows[row][column] for code, rows in said.items()} for column in range(len(words)))
        for row, words in enumerate(first)
    ]


def _usual() -> list[tuple[str, ...]]:
    return [
        (
            "competence",
            _("Not a matter of the city"),
            _(
                "What you propose is not for the city to decide or to pay for. Another authority or a private owner is"
                " responsible for it."
            ),
        ),
        (
            "unclear",
            _("Not clear enough"),
            _(
                "We could not find out what should be done, or where. Describe it in more detail, so that it can be"
                " examined."
            ),
        ),
        (
            "exists",
            _("Exists or is planned"),
            _(
                "The city has this already, or has decided to do it. The participatory budget is for what is new."
            ),
        ),
        (
            "personal",
            _("Names other people"),
            _(
                "The text or a picture shows or names people who may not want that. Take it out and hand it in again."
            ),
        ),
        (
            "manners",
            _("Offends somebody"),
            _("The words offend other people. Write what you propose without attacking anybody."),
        ),
        (
            "advertising",
            _("Advertising"),
            _("The text advertises something. The participatory budget is not a place for that."),
        ),
    ]
