"""The texts that moderators choose from; an edition that has written none of its own has the usual ones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import LazyString
from sqlalchemy import func, select

from app.sdk import Conflict, Localized, NotFound, _, _l, audit, current_city, db, force_locale

from ...models import Edition, RefusalReason
from ..editions import by_id

MOST = 30


@dataclass(frozen=True, slots=True)
class Reason:
    """One text with its short name, in every language of the city; `key` tells it from others in a form."""

    key: str
    name: Localized
    text: Localized


_USUAL: tuple[tuple[str, LazyString, LazyString], ...] = (
    (
        "competence",
        _l("Not a matter of the city"),
        _l(
            "What you propose is not for the city to decide or to pay for. Another authority or a private owner is"
            " responsible for it."
        ),
    ),
    (
        "unclear",
        _l("Not clear enough"),
        _l(
            "We could not find out what should be done, or where. Describe it in more detail, so that it can be"
            " examined."
        ),
    ),
    (
        "exists",
        _l("Exists or is planned"),
        _l(
            "The city has this already, or has decided to do it. The participatory budget is for what is new."
        ),
    ),
    (
        "personal",
        _l("Names other people"),
        _l(
            "The text or a picture shows or names people who may not want that. Take it out and hand it in again."
        ),
    ),
    (
        "manners",
        _l("Offends somebody"),
        _l("The words offend other people. Write what you propose without attacking anybody."),
    ),
    (
        "advertising",
        _l("Advertising"),
        _l("The text advertises something. The participatory budget is not a place for that."),
    ),
)


def reasons(edition: Edition) -> Sequence[Reason]:
    """Return what moderators of an edition choose from."""
    own = own_reasons(edition)
    if own:
        return [Reason(str(one.id), one.name, one.text) for one in own]
    return [Reason(key, _in_all(name), _in_all(text)) for key, name, text in _USUAL]


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


def _in_all(words: LazyString) -> Localized:
    return in_all_languages(lambda: str(words))


def in_all_languages(say: Callable[[], str]) -> Localized:
    """Return what is said in each language of the city."""
    found: Localized = {}
    for code in current_city().languages:
        with force_locale(code):
            found[code] = say()
    return found
