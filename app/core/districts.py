"""The districts of a city: what roles, residents and modules can be limited to, by a code that stays."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from sqlalchemy import Select, String, func, select
from sqlalchemy.orm import Mapped, mapped_column

from app.core.audit import audit
from app.core.db import CityModel, db
from app.core.errors import Conflict, Invalid, NotFound
from app.core.exporting import impersonal
from app.core.i18n import gettext as _
from app.core.i18n import reading_order
from app.core.text import Localized, LocalizedText, pick

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}\Z")
NAME_LENGTH = 120
MOST = 200


class CityDistrict(CityModel):
    """A part of the city, in the order in which the city lists them."""

    __tablename__ = "district"

    code: Mapped[str] = mapped_column(String(40), primary_key=True, info=impersonal())
    name: Mapped[Localized] = mapped_column(LocalizedText, info=impersonal())
    position: Mapped[int]

    @property
    def title(self) -> str:
        """Return its name in the reader's language."""
        return pick(self.name, reading_order()).text or self.code


Uses = Callable[[str], Iterable[str]]
_uses: list[Uses] = []


def uses_districts(tell: Uses) -> Uses:
    """Let `tell` say, in one sentence each, what in the city needs the district with this code; it then stays."""
    _uses.append(tell)
    return tell


def districts() -> Sequence[CityDistrict]:
    """Return the city's districts in their order; none in a city that made no list."""
    return db.session.scalars(_ordered()).all()


def district_names() -> Mapping[str, str]:
    """Return what each district is called in the reader's language, by code and in their order."""
    return {district.code: district.title for district in districts()}


def district(code: str) -> CityDistrict:
    """Return one district; raises NotFound."""
    found = db.session.get(CityDistrict, code)
    if found is None:
        raise NotFound(_("There is no such district."))
    return found


def add_districts(wanted: Sequence[tuple[str, Localized]]) -> None:
    """Put districts (code, name) at the end of the list; raises Invalid for a code that is taken or cannot be one."""
    known = {one.code.lower() for one in districts()}
    if len(known) + len(wanted) > MOST:
        raise Invalid(_("A city can have %(number)s districts at most.", number=MOST))
    last = db.session.scalar(select(func.max(CityDistrict.position))) or 0
    for position, (code, name) in enumerate(wanted, last + 1):
        if not CODE.match(code):
            raise Invalid(
                _("%(code)s: a code is of letters without accents, digits, - and _, 40 at most.", code=code)
            )
        if code.lower() in known:
            raise Invalid(_("%(code)s: there is a district with this code.", code=code))
        known.add(code.lower())
        db.session.add(CityDistrict(code=code, name=name, position=position))
        audit("districts.added", subject=f"district:{code}", name=_plain(name))
    db.session.flush()


def rename_district(code: str, name: Localized) -> None:
    """Give a district another name; its code stays, as others know it by that."""
    found = district(code)
    audit("districts.renamed", subject=f"district:{code}", name_before=_plain(found.name), name=_plain(name))
    found.name = name


def move_district(code: str, *, up: bool) -> None:
    """Let a district change places with its neighbour; at the end of the list nothing happens."""
    found = list(db.session.scalars(_ordered().with_for_update()))
    place = next((number for number, one in enumerate(found) if one.code == code), None)
    if place is None:
        raise NotFound(_("There is no such district."))
    other = place + (-1 if up else 1)
    if not 0 <= other < len(found):
        return
    found[place], found[other] = found[other], found[place]
    for number, one in enumerate(found, 1):
        one.position = number
    audit("districts.moved", subject=f"district:{code}", number=other + 1)


def remove_district(code: str) -> None:
    """Take a district off the list; raises Conflict with the reasons while something needs it."""
    found = district(code)
    if needed := uses_of(code):
        raise Conflict(" ".join([_("This district is needed."), *needed]))
    audit("districts.removed", subject=f"district:{code}", name=_plain(found.name))
    db.session.delete(found)


def uses_of(code: str) -> list[str]:
    """Return what needs a district, in sentences."""
    return [sentence for tell in _uses for sentence in tell(code)]


def _ordered() -> Select[CityDistrict]:
    return select(CityDistrict).order_by(CityDistrict.position, CityDistrict.code).limit(MOST)


def _plain(name: Localized) -> str:
    return ", ".join(words for _code, words in sorted(name.items()))
