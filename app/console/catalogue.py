"""Modules as the console shows them: everything in the reader's words."""

from collections.abc import Sequence
from dataclasses import dataclass

from babel.lists import format_list
from flask import url_for

from app.console.switching import switched_on
from app.core.context import current_city
from app.core.i18n import gettext as _
from app.core.i18n import language, ngettext
from app.registry import Module, modules
from tenants import toggles

SHOWN = ("all", "on", "off")


@dataclass(frozen=True, slots=True)
class Row:
    """One module in the list."""

    name: str
    title: str
    summary: str
    icon: str
    category: str
    details: str
    needs: list[str]
    on: bool
    url: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every installed module with its switch."""

    rows: list[Row]

    def shown(self, which: str, keep: str = "") -> list[Row]:
        """Return the rows of one tab; `keep` stays where it was although it has just been switched."""
        if which == "all":
            return self.rows
        return [row for row in self.rows if row.on == (which == "on") or row.name == keep]

    def counts(self) -> dict[str, int]:
        """Return how many rows each tab has."""
        on = sum(row.on for row in self.rows)
        return {"all": len(self.rows), "on": on, "off": len(self.rows) - on}

    def row(self, name: str) -> Row:
        """Return one module's row; raises KeyError."""
        return {row.name: row for row in self.rows}[name]


def catalogue() -> Catalogue:
    """Return the installed modules by title, with their switches in this city."""
    on, users = switched_on(toggles.toggles(current_city().id)), toggles.cities_using()
    rows = [_row(m, m.name in on, users.get(m.name, 0)) for m in modules().values()]
    return Catalogue(sorted(rows, key=lambda row: row.title.casefold()))


def titles_of(found: Sequence[Module]) -> str:
    """Return the names of several modules as one phrase."""
    return format_list([_(m.title) for m in found], locale=language())


def about(module: Module) -> list[tuple[str, str]]:
    """Return what a city may want to know before it relies on a module."""
    needs = titles_of([modules()[need] for need in module.requires])
    rows = [
        (_("Version"), module.version),
        (_("Shared by"), _owners(module)),
        (_("Works with"), needs or _("No other module is needed")),
    ]
    if module.load("public") is not None:
        rows.append((_("Address"), f"{current_city().host}/{module.path}"))
    return rows


def permissions(module: Module) -> list[tuple[str, tuple[bool, bool, bool]]]:
    """Return what the module lets whom do: words, then viewer, editor, administrator."""
    return [(_(p.label), ("viewer" in p.roles, "editor" in p.roles, True)) for p in module.permissions]


def _row(module: Module, on: bool, users: int) -> Row:
    return Row(
        name=module.name,
        title=_(module.title),
        summary=_(module.summary),
        icon=module.icon,
        category=_(module.category),
        details=ngettext(
            "v%(version)s · shared by %(owners)s · used by %(num)s city",
            "v%(version)s · shared by %(owners)s · used by %(num)s cities",
            users,
            version=module.version,
            owners=_owners(module),
        ),
        needs=[_(modules()[need].title) for need in module.requires],
        on=on,
        url=url_for("console.module_page", name=module.name),
    )


def _owners(module: Module) -> str:
    return format_list([_owner(slug) for slug in module.owners], locale=language())


def _owner(slug: str) -> str:
    """Return a city's name from its slug: `city-of-new-york` gives `New York`."""
    return slug.removeprefix("city-of-").replace("-", " ").title()
