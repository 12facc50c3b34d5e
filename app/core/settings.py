"""What a city has set: one document for each module and for each part of the platform."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import String, bindparam, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import CityModel, db
from app.core.exporting import impersonal
from app.core.reading import Query, rows

PLATFORM = "platform."
"""Documents of the platform's own parts begin with it; a module's name has no dot."""


class ModuleSettings(CityModel):
    """What a city has set for one module, or for one part of the platform."""

    __tablename__ = "module_settings"

    module: Mapped[str] = mapped_column(String(48), primary_key=True, info=impersonal())
    values: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, info=impersonal())


_STORED = Query(select(ModuleSettings.values).where(ModuleSettings.module == bindparam("module")))


def stored(name: str) -> Mapping[str, Any]:
    """Return the document kept under a name; empty when nothing was set."""
    found = rows(_STORED(module=name))
    return found[0].values if found else {}


def store(name: str, values: Mapping[str, Any]) -> None:
    """Keep a document in place of the one before; secrets in it are sealed first (app.core.sealing)."""
    statement = insert(ModuleSettings).values(module=name, values=dict(values))
    replaced = statement.on_conflict_do_update(index_elements=["module"], set_={"values": dict(values)})
    db.session.execute(replaced)
