"""Which histories there are and which of them a city has."""

from collections.abc import Collection
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent / "migrations"
PLATFORM = "platform"
CITY = "city"
_module_folders: dict[str, Path] = {}


def register(module: str, folder: Path) -> None:
    """Make known where the history of a module lies; the order of the calls is the order of migration."""
    _module_folders[module] = folder


def folder(owner: str) -> Path:
    """Return the folder with the history of `owner`; raises KeyError for an unknown module."""
    return ROOT / owner if owner in (PLATFORM, CITY) else _module_folders[owner]


def owners_of(modules: Collection[str]) -> list[str]:
    """Return the histories of a city that has tables of `modules`, in the order they run."""
    return [CITY, *(name for name in _module_folders if name in modules)]
