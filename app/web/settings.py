"""A module's settings in a city: what the manifest declares, with what the city has set."""

from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar

from app.core.audit import audit
from app.core.settings import store, stored
from app.registry import Module, module_of
from app.registry.manifest import SettingValue

if TYPE_CHECKING:

    class Dataclass(Protocol):
        """Any dataclass."""

        __dataclass_fields__: ClassVar[dict[str, Any]]


T = TypeVar("T", bound="Dataclass")


def settings(kind: type[T]) -> T:
    """Return the settings of the module that defines the dataclass `kind`, defaults filled in."""
    values = values_of(module_of(kind.__module__))
    return kind(**{field.name: values[field.name] for field in fields(kind)})


def values_of(module: Module) -> dict[str, SettingValue]:
    """Return every setting of a module, by key."""
    known = stored(module.name)
    return {s.key: known.get(s.key, s.default) for s in module.settings}


def save(module: Module, values: Mapping[str, SettingValue]) -> None:
    """Keep what the city has set and write down which settings changed."""
    before = values_of(module)
    after = {**before, **{s.key: values[s.key] for s in module.settings if s.key in values}}
    store(module.name, after)
    changed = [key for key in after if after[key] != before[key]]
    details = {key: _shown(after[key]) for key in changed}
    details |= {f"{key}_before": _shown(before[key]) for key in changed}
    audit("modules.settings_changed", subject=module.name, **details)


def _shown(value: SettingValue) -> SettingValue:
    return value[:200] if isinstance(value, str) else value
