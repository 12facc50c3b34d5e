"""The districts of an edition: one list, saved as a whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.sdk import Conflict, Invalid, _, audit, db, number

from ..models import District, Edition
from .contests import forget_district
from .editions import changeable
from .keys import free_key
from .marks import must_be_as_seen
from .projects import by_district

MOST = 500
LONGEST = 120


@dataclass(frozen=True, slots=True)
class DistrictNames:
    """The names of the districts by their ids, in order, and those to be added."""

    names: Mapping[UUID, str]
    added: Sequence[str] = ()


def names_of(edition: Edition) -> DistrictNames:
    """Return the districts as they are saved."""
    return DistrictNames({district.id: district.name for district in edition.districts})


def change(edition_id: UUID, new: DistrictNames, *, seen: str | None = None) -> Edition:
    """Rename, remove (an empty name) and add districts; raises Conflict while projects are for a removed one."""
    edition = changeable(edition_id)
    must_be_as_seen(names_of(edition), seen)
    wanted = [name.strip() for name in (*new.names.values(), *new.added) if name.strip()]
    _must_be_fit(wanted)
    projects = by_district(edition)
    for district in list(edition.districts):
        name = new.names.get(district.id, district.name).strip()
        if not name and projects.get(district.key):
            raise Conflict(_("Projects are for %(name)s. Move them first.", name=district.name))
        if not name:
            edition.districts.remove(district)
            forget_district(edition, district.key)
        else:
            district.name = name
    for name in filter(None, map(str.strip, new.added)):
        key = free_key(name, {district.key for district in edition.districts})
        edition.districts.append(District(key=key, name=name, position=0))
    for position, district in enumerate(edition.districts):
        district.position = position
    db.session.flush()
    audit("participatory_budget.districts_changed", subject=f"edition:{edition.id}", districts=len(wanted))
    return edition


def _must_be_fit(names: Sequence[str]) -> None:
    if len(names) > MOST:
        raise Invalid(_("An edition can have %(most)s districts at most.", most=number(MOST)))
    seen: set[str] = set()
    for name in names:
        if len(name) > LONGEST:
            raise Invalid(_("The name of a district can have %(most)s characters.", most=number(LONGEST)))
        if name.casefold() in seen:
            raise Invalid(_("%(name)s is on the list twice.", name=name))
        seen.add(name.casefold())
