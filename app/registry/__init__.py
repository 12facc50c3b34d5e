"""The installed modules, found through one entry-point group, ours and other cities' alike."""

from app.registry.find import GROUP, module_of, modules, reload_modules
from app.registry.manifest import ManifestError, Module, Permission, Setting
from app.registry.notices import Notice, Topic

__all__ = [
    "GROUP",
    "ManifestError",
    "Module",
    "Notice",
    "Permission",
    "Setting",
    "Topic",
    "module_of",
    "modules",
    "reload_modules",
]
