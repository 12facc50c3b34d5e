"""Which tables, columns and facts of a city go into its archive; whatever does not has a reason."""

import ast
import inspect
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.core.db import CityModel, db
from app.core.exporting import LEFT_OUT, NOT_COPIED, PERSONAL, Personal
from app.core.text import LocalizedText
from tenants.archive import catalog

# Tables of a city that no model describes.
UNMODELLED_LEFT_OUT = {"module_revision": "The manifest says which revision each history is at."}
GENERATED = "PostgreSQL computes it from other columns."

# The platform's tables: what the manifest tells of a city, and why it tells nothing of the rest.
PLATFORM_TOLD = {
    "city": ("slug", "name", "published", "languages", "time_zone", "currency", "brand", "hero", "tagline", "look",
             "contact_email", "created_at"),
    "domain": ("host",),
    "module_toggle": ("module", "on", "changed_at", "changed_by"),
    "quota": ("resource", "most"),
}  # fmt: skip
PLATFORM_LEFT_OUT = {
    "city.id": "A restored city gets an id of its own, unless votes that are open need the old one.",
    "city.state": "Each deployment decides whether a city is live.",
    "city.state_reason": "Belongs to a suspension on this deployment.",
    "city.state_changed_at": "Belongs to the life of the city on this deployment.",
    "city.erase_at": "Belongs to an erasure on this deployment.",
    "city.state_before": "Belongs to an erasure on this deployment.",
    "domain.leads": "What this deployment last found out about the host.",
    "domain.leads_to": "What this deployment last found out about the host.",
    "domain.lost_at": "Belongs to the proof on this deployment.",
    "domain.finding": "Belongs to the proof on this deployment.",
    "domain.seen": "Belongs to the proof on this deployment.",
    "outbox": "Work that this deployment has still to do; what matters is asked for again.",
    "domain.city_id": "A restored city gets an id of its own.",
    "domain.verified": "Each deployment asks for its own proof.",
    "domain.main": "Only a proven host can be the main one.",
    "domain.proof": "Each deployment asks for its own proof.",
    "domain.added_at": "Belongs to the proof on this deployment.",
    "domain.checked_at": "Belongs to the proof on this deployment.",
    "domain.verified_at": "Belongs to the proof on this deployment.",
    "module_toggle.city_id": "A restored city gets an id of its own.",
    "quota.city_id": "A restored city gets an id of its own.",
    "former_slug": "Addresses below the domain of this deployment.",
    "city_revision": "A copy of what the schema says of itself.",
    "usage": "Statistics of this deployment.",
    "measure": "Statistics of this deployment.",
    "operation": "Work that this deployment was asked to do.",
    "operator": "People who run this deployment.",
    "operator_session": "People who run this deployment.",
    "operator_visit": "What operators did stands in the city's own audit log.",
    "audit_entry": "What operators did stands in the city's own audit log.",
    "erasure": "Certificates of other cities.",
    "failure": "Errors of this deployment.",
    "audit_anchor": "Where this deployment saw the audit log end; elsewhere it is noted anew.",
    "signup": "How the city came to this deployment.",
    "mail": "Mails of the platform itself.",
    "schedule": "When this deployment next does regular work.",
    "module_revision": "Revisions of the platform's own tables.",
}


@dataclass(frozen=True, slots=True)
class Member:
    """One table as it goes into the archive."""

    table: catalog.Table
    model: sa.Table | None
    columns: tuple[catalog.Column, ...]
    not_copied: str = ""

    def personal(self, column: str) -> Personal | None:
        """Return what is declared about a column; None where nothing is."""
        if self.model is None or column not in self.model.c:
            return None
        kind: Personal | None = self.model.c[column].info.get(PERSONAL)
        return kind

    def knows(self, column: str) -> bool:
        """Tell whether a model describes the column."""
        return self.model is not None and column in self.model.c


def members(tables: Mapping[str, catalog.Table]) -> tuple[list[Member], dict[str, str]]:
    """Return what is exported, in the order of loading, and what is left out with the reasons."""
    without: dict[str, str] = {}
    kept: dict[str, Member] = {}
    for name, table in tables.items():
        model = model_of(name)
        reason = UNMODELLED_LEFT_OUT.get(name) or _said(model, LEFT_OUT)
        if reason:
            without[name] = reason
            continue
        columns = []
        for column in table.columns:
            why = _left_out(model, column)
            if why:
                without[f"{name}.{column.name}"] = why
            else:
                columns.append(column)
        kept[name] = Member(table, model, tuple(columns), _said(model, NOT_COPIED))
    order = catalog.in_loading_order({name: member.table for name, member in kept.items()})
    return [kept[name] for name in order], dict(sorted(without.items()))


def model_of(name: str) -> sa.Table | None:
    """Return what the code says of a city's table; None where it says nothing."""
    return db.metadata.tables.get(name)


def undecided() -> list[str]:
    """Return the columns of words that do not say whether they are personal, in every model of a city's tables."""
    found = []
    for mapper in CityModel.registry.mappers:
        table = mapper.local_table
        if isinstance(table, sa.Table) and table.schema is None and not _said(table, LEFT_OUT, NOT_COPIED):
            open_ones = [c.name for c in table.columns if _must_decide(c) and PERSONAL not in c.info]
            found += [f"{table.name}.{name}" for name in open_ones]
    return sorted(found)


def meanings(table: str) -> tuple[str, dict[str, str]]:
    """Return what the docstrings of the model say: of the table, and of the columns that have one."""
    for mapper in CityModel.registry.mappers:
        if isinstance(mapper.local_table, sa.Table) and mapper.local_table.fullname == table:
            return inspect.getdoc(mapper.class_) or "", _attribute_docstrings(mapper.class_)
    return "", {}


def _left_out(model: sa.Table | None, column: catalog.Column) -> str:
    if column.generated:
        return GENERATED
    return _said(model.c.get(column.name), LEFT_OUT) if model is not None else ""


def _said(described: sa.Table | sa.Column[Any] | None, *keys: str) -> str:
    """Return the first reason that a table or column gives; empty when it gives none."""
    reasons = (str(described.info.get(key, "")) for key in keys) if described is not None else ()
    return next(filter(None, reasons), "")


def _must_decide(column: sa.Column[Any]) -> bool:
    """Tell whether anybody may have written anything into it: enums, references and published texts are told apart."""
    if LEFT_OUT in column.info or column.foreign_keys or isinstance(column.type, sa.Enum):
        return False
    return isinstance(column.type, sa.String | sa.JSON) and column.type is not LocalizedText


def _attribute_docstrings(model: type) -> dict[str, str]:
    """Return the strings that stand below attributes in the source of a class."""
    body = ast.parse(textwrap.dedent(inspect.getsource(model))).body[0]
    found = {}
    if isinstance(body, ast.ClassDef):
        for attribute, after in zip(body.body, body.body[1:], strict=False):
            if (
                isinstance(attribute, ast.AnnAssign)
                and isinstance(attribute.target, ast.Name)
                and isinstance(after, ast.Expr)
                and isinstance(after.value, ast.Constant)
                and isinstance(after.value.value, str)
            ):
                found[attribute.target.id] = inspect.cleandoc(after.value.value)
    return found
