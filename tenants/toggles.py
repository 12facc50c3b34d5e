"""Switch a city's modules on and off; switching off keeps tables and data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from pydantic import BaseModel
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from app.core.audit import audit
from app.core.clock import now
from app.core.context import City, current_actor
from app.core.db import db
from app.core.events import emit, event
from tenants import resolve, schema
from tenants.models import CityRecord, ModuleToggle


class Switched(BaseModel):
    """What is told of a switch."""

    module: str
    on: bool


event("city.module_switched", _l("A module is switched on or off"), Switched)


@dataclass(frozen=True, slots=True)
class Needs:
    """What a module needs and who needs it: names of modules → names of what they require."""

    requires: Mapping[str, Sequence[str]]

    def missing_for(self, module: str, on: frozenset[str]) -> list[str]:
        """Return what must also be switched on before `module`, in order."""
        missing: list[str] = []
        for need in self.requires.get(module, ()):
            if need not in on:
                missing += [m for m in (*self.missing_for(need, on), need) if m not in missing]
        return missing

    def dependants_of(self, module: str, on: frozenset[str]) -> list[str]:
        """Return what is on and stops working without `module`, the outermost first."""
        found: list[str] = []
        for other in sorted(on):
            if module in self.requires.get(other, ()):
                found += [m for m in (*self.dependants_of(other, on), other) if m not in found]
        return found


def switch_on(city: City, names: Sequence[str]) -> None:
    """Switch modules on: their tables are made or brought up to date, then residents can see them."""
    schema.upgrade(city.schema, names)
    _record(city, names, on=True)


def switch_off(city: City, names: Sequence[str]) -> None:
    """Switch modules off: absent on every road with the next request, everything kept."""
    _record(city, names, on=False)


def lock(city_id: str) -> dict[str, ModuleToggle]:
    """Return the city's switches as they are, kept from every other hand until the transaction ends."""
    db.session.execute(select(CityRecord.id).where(CityRecord.id == city_id).with_for_update())
    found = select(ModuleToggle).where(ModuleToggle.city_id == city_id)
    rows = db.session.scalars(found.execution_options(populate_existing=True))
    return {row.module: row for row in rows}


def toggles(city_id: str) -> dict[str, ModuleToggle]:
    """Return what the city has ever switched, by module."""
    rows = db.session.scalars(select(ModuleToggle).where(ModuleToggle.city_id == city_id))
    return {row.module: row for row in rows}


def cities_using() -> dict[str, int]:
    """Return how many cities have each module on."""
    counted = select(ModuleToggle.module, func.count()).where(ModuleToggle.on).group_by(ModuleToggle.module)
    return {row[0]: row[1] for row in db.session.execute(counted)}


def _record(city: City, names: Sequence[str], *, on: bool) -> None:
    for name in names:
        row = {"on": on, "changed_at": now(), "changed_by": current_actor().name}
        statement = insert(ModuleToggle).values(city_id=city.id, module=name, **row)
        db.session.execute(statement.on_conflict_do_update(index_elements=["city_id", "module"], set_=row))
        audit("modules.switched_on" if on else "modules.switched_off", subject=name)
        emit("city.module_switched", module=name, on=on)
    resolve.change()
