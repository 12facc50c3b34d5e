"""Which histories there are, which of them a city has, and what brings it up to date."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from tenants.migrate import render

ROOT = Path(__file__).parent.parent.parent / "migrations"
PLATFORM = "platform"
CITY = "city"
_module_folders: dict[str, Path] = {}


@dataclass(frozen=True, slots=True)
class Step:
    """One history's way from a revision (None: from nothing) to a later one; `online` ones work row by row."""

    owner: str
    start: str | None
    end: str
    online: bool = False

    def __str__(self) -> str:
        return f"{self.owner}: {self.start or 'nothing'} → {self.end}"


def register(module: str, folder: Path) -> None:
    """Make known where the history of a module lies; the order of the calls is the order of migration."""
    _module_folders[module] = folder


def modules() -> tuple[str, ...]:
    """Return the modules whose histories are known, in the order they run."""
    return tuple(_module_folders)


def folder(owner: str) -> Path:
    """Return the folder with the history of `owner`; raises KeyError for an unknown module."""
    return ROOT / owner if owner in (PLATFORM, CITY) else _module_folders[owner]


def owners_of(modules: Collection[str]) -> list[str]:
    """Return the histories of a city that has tables of `modules`, in the order they run."""
    return [CITY, *(name for name in _module_folders if name in modules)]


def heads(owners: Iterable[str]) -> dict[str, str]:
    """Return the newest revision of each of these histories that has one."""
    found = ((owner, render.head(folder(owner))) for owner in owners)
    return {owner: head for owner, head in found if head is not None}


def all_heads() -> dict[str, str]:
    """Return the newest revision of every history that a city can have."""
    return heads(owners_of(_module_folders))


def unknown(known: Mapping[str, str]) -> dict[str, str]:
    """Return what a schema has that this code does not know: newer revisions, and modules not installed."""
    return {
        owner: revision
        for owner, revision in known.items()
        if owner not in (PLATFORM, CITY, *_module_folders) or not render.knows(folder(owner), revision)
    }


def steps(
    known: Mapping[str, str], *, add: Iterable[str] = (), only: Collection[str] = ()
) -> tuple[Step, ...]:
    """Return what brings a schema with the revisions `known` up to date, in order.

    Modules in `add` come in beside those it has; with `only`, the other histories stay where they are. What newer
    code has migrated stays as it is: nothing is ever migrated down.
    """
    return _steps(known, [owner for owner in owners_of({*known, *add}) if not only or owner in only])


def platform_steps(known: Mapping[str, str]) -> tuple[Step, ...]:
    """Return what brings the platform's own tables up to date."""
    return _steps(known, [PLATFORM])


def _steps(known: Mapping[str, str], owners: Iterable[str]) -> tuple[Step, ...]:
    strange = unknown(known)
    newest = heads(owner for owner in owners if owner not in strange)
    return tuple(
        Step(owner, start, end, online)
        for owner, head in newest.items()
        for start, end, online in render.stretches(folder(owner), known.get(owner), head)
    )


def stages(all_steps: Iterable[Step]) -> Iterator[list[Step]]:
    """Yield the steps that go into one transaction together; a step that works row by row stands alone."""
    for online, together in groupby(all_steps, key=lambda step: step.online):
        if online:
            yield from ([step] for step in together)
        else:
            yield list(together)
