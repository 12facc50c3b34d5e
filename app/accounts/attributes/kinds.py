"""Which attributes a city uses: those that every city can have, and its own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from babel.dates import format_date

from app.accounts.attributes.rules import BIRTH_DATE, NO, OLDEST, YES, Level, read_day
from app.core.audit import audit
from app.core.clock import today
from app.core.districts import district_names
from app.core.errors import Conflict, Invalid, NotFound
from app.core.i18n import gettext as _
from app.core.i18n import language, reading_order
from app.core.settings import store, stored
from app.core.text import Localized, pick

PART = "platform.attributes"
LIVES, WORKS, DISTRICT, SCHOOL = "lives_in_city", "works_in_city", "district", "school"
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
MOST_OWN, MOST_OPTIONS = 20, 60
LONGEST = 160
USUAL_MONTHS = {Level.CODE: 24, Level.STAFF: 36}
MOST_MONTHS = 120
_MONTH = timedelta(days=30.44)


class Type(StrEnum):
    """What kind of answer an attribute has."""

    YES_NO = "yes_no"
    CHOICE = "choice"
    DATE = "date"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Kind:
    """One attribute, in the reader's language; `options` are value → words."""

    key: str
    title: str
    type: Type
    options: Mapping[str, str] = field(default_factory=dict)
    own: bool = False

    def words(self, value: str) -> str:
        """Return a value as people read it."""
        return self.options.get(value, value)

    def clean(self, text: str) -> str:
        """Return a value as it is kept; raises Invalid for what cannot be one."""
        value = " ".join(text.split())[:LONGEST]
        if not value:
            raise Invalid(_("Fill this in."))
        if self.type is Type.DATE:
            born = read_day(value)
            if born is None or not 0 <= (today() - born).days <= OLDEST * 366:
                raise Invalid(_("Enter a birth date, for example 1984-03-27."))
            return born.isoformat()
        if self.type is not Type.TEXT and value not in self.options:
            raise Invalid(_("Choose one of the answers."))
        return value


def kinds() -> dict[str, Kind]:
    """Return the attributes of the city by key: those of every city first; districts only where it has a list."""
    names = district_names()
    known = [
        Kind(LIVES, _("Lives in the city"), Type.YES_NO, _yes_no()),
        Kind(DISTRICT, _("District"), Type.CHOICE, names),
        Kind(BIRTH_DATE, _("Birth date"), Type.DATE),
        Kind(SCHOOL, _("School"), Type.TEXT),
        Kind(WORKS, _("Works in the city"), Type.YES_NO, _yes_no()),
    ]
    built_in = {one.key: one for one in known if one.key != DISTRICT or names}
    return built_in | {str(one["key"]): _own(one) for one in _stored_own()}


def kind_of(key: str) -> Kind:
    """Return one attribute; raises NotFound when the city does not use it."""
    found = kinds().get(key)
    if found is None:
        raise NotFound(_("The city does not ask for this."))
    return found


def add_own(key: str, title: Localized, type_: Type, options: Mapping[str, Localized]) -> None:
    """Add an attribute of the city's own; raises Invalid for an unfit one, Conflict for a name that is taken."""
    if not KEY.fullmatch(key):
        raise Invalid(_("Use lower-case letters, digits and _, for example dog_owner."))
    if key in kinds() or key == DISTRICT:
        raise Conflict(_("There is already an attribute of this name."))
    if type_ is Type.CHOICE and not 2 <= len(options) <= MOST_OPTIONS:
        raise Invalid(_("Write 2 to %(most)s answers to choose from.", most=MOST_OPTIONS))
    if len(_stored_own()) >= MOST_OWN:
        raise Conflict(_("A city can have %(most)s attributes of its own.", most=MOST_OWN))
    answers = [{"key": name, "title": dict(words)} for name, words in options.items()]
    made = {"key": key, "title": dict(title), "type": type_.value, "options": answers}
    _keep(own=[*_stored_own(), made])
    audit("people.attribute_added", subject=key, type=type_)


def remove_own(key: str) -> None:
    """Stop asking for an attribute of the city's own; what is known stays until it expires."""
    kept = [one for one in _stored_own() if one["key"] != key]
    if len(kept) == len(_stored_own()):
        raise NotFound(_("The city does not ask for this."))
    _keep(own=kept)
    audit("people.attribute_removed", subject=key)


def months() -> Mapping[Level, int]:
    """Return for how many months what was checked counts, by level."""
    chosen = stored(PART).get("months", {})
    return {level: int(chosen.get(level.value, usual)) for level, usual in USUAL_MONTHS.items()}


def set_months(chosen: Mapping[Level, int]) -> None:
    """Say for how long what is checked from now on counts."""
    if any(not 1 <= number <= MOST_MONTHS for number in chosen.values()):
        raise Invalid(_("Enter a number from 1 to %(most)s.", most=MOST_MONTHS))
    _keep(months={level.value: number for level, number in chosen.items()})
    audit("people.months_changed", code=chosen[Level.CODE], staff=chosen[Level.STAFF])


def expiry(attribute: str, level: Level, at: datetime) -> datetime | None:
    """Return until when something that is learnt now counts; a birth date that was checked once stays checked."""
    if attribute == BIRTH_DATE or level not in USUAL_MONTHS:
        return None
    return at + months()[level] * _MONTH


def words_of(key: str, value: str, known: Mapping[str, Kind] | None = None) -> str:
    """Return a value as people read it, also of an attribute that the city no longer uses."""
    found = (known if known is not None else kinds()).get(key)
    if found is None:
        return value
    if found.type is Type.DATE:
        return value if read_day(value) is None else _day(date.fromisoformat(value))
    return found.words(value)


def _day(day: date) -> str:
    return format_date(day, "long", locale=language())


def _own(one: Mapping[str, Any]) -> Kind:
    order = reading_order()
    type_ = Type(one["type"])
    options = {str(each["key"]): pick(each["title"], order).text for each in one.get("options", ())}
    return Kind(
        str(one["key"]),
        pick(one["title"], order).text or str(one["key"]),
        type_,
        _yes_no() if type_ is Type.YES_NO else options,
        own=True,
    )


def _stored_own() -> list[dict[str, Any]]:
    return list(stored(PART).get("own", ()))


def _keep(**parts: object) -> None:
    store(PART, {**stored(PART), **parts})


def _yes_no() -> dict[str, str]:
    return {YES: _("Yes"), NO: _("No")}
