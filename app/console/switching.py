"""Switching modules: one hand at a time in each city, nothing half done, nobody surprised."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from app.core.context import current_city
from app.core.errors import NotFound
from app.core.i18n import gettext as _
from app.core.jobs import enqueue
from app.registry import Module, modules
from app.web.sections import live_content_of
from tenants import toggles
from tenants.models import ModuleToggle


@dataclass(frozen=True, slots=True)
class Effects:
    """What switching a module would do beside the switch itself."""

    together: list[Module] = field(default_factory=list)
    live: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.together or self.live)


class AlreadySo(Exception):
    """Somebody else has just done it; `by` is the switch as it stands, None when it was never touched."""

    def __init__(self, by: ModuleToggle | None) -> None:
        super().__init__()
        self.by = by


class Unconfirmed(Exception):
    """The effects have not been agreed to; nothing was changed."""


def installed(name: str) -> Module:
    """Return an installed module; raises NotFound."""
    module = modules().get(name)
    if module is None:
        raise NotFound(_("There is no such module."))
    return module


def switched_on(states: dict[str, ModuleToggle]) -> frozenset[str]:
    """Return the names of the installed modules that are on."""
    return frozenset(name for name, state in states.items() if state.on and name in modules())


def effects(name: str, *, on: bool, now_on: frozenset[str]) -> Effects:
    """Return what else would be switched with a module, and what residents are using of it."""
    if on:
        return Effects(together=[modules()[m] for m in _needs().missing_for(name, now_on)])
    together = [modules()[m] for m in _needs().dependants_of(name, now_on)]
    return Effects(
        together, [text for m in (modules()[name], *together) if (text := live_content_of(m.name))]
    )


def switch(name: str, *, on: bool, together: Collection[str], confirmed: bool) -> list[Module]:
    """Switch a module and those `together` with it; returns what was switched.

    Raises AlreadySo when the module is so already, Unconfirmed when more would happen than was agreed to.
    """
    states = toggles.lock(current_city().id)
    now_on = switched_on(states)
    if (name in now_on) == on:
        raise AlreadySo(states.get(name))
    wanted = {name, *together}
    if not _is_closed(wanted, on=on, now_on=now_on):
        raise Unconfirmed
    if not (on or confirmed) and effects(name, on=False, now_on=now_on).live:
        raise Unconfirmed
    changing = [m for m in _ordered(wanted, on=on) if (m.name in now_on) != on]
    if on:
        _switch_on(changing)
    else:
        toggles.switch_off(current_city(), [m.name for m in changing])
    return changing


def with_needs(names: Iterable[str]) -> Sequence[Module]:
    """Return the modules called `names` and all that they need, those that others need first."""
    needed = {need for name in names for need in (*_needs().missing_for(name, frozenset()), name)}
    return _ordered(needed, on=True)


def switch_on_all(names: Iterable[str]) -> list[Module]:
    """Switch on what is off of `names` and of all that they need; returns what was switched."""
    now_on = switched_on(toggles.lock(current_city().id))
    changing = [m for m in with_needs(names) if m.name not in now_on]
    _switch_on(changing)
    return changing


def _switch_on(changing: Sequence[Module]) -> None:
    toggles.switch_on(current_city(), [m.name for m in changing])
    for module in changing:
        enqueue("search.rebuild", module=module.name)


def _needs() -> toggles.Needs:
    return toggles.Needs({m.name: m.requires for m in modules().values()})


def _is_closed(wanted: set[str], *, on: bool, now_on: frozenset[str]) -> bool:
    """Tell whether nothing outside `wanted` is needed, or needs any of it."""
    if on:
        return not any(_needs().missing_for(name, now_on | wanted) for name in wanted)
    return not any(_needs().dependants_of(name, now_on - wanted) for name in wanted)


def _ordered(names: set[str], *, on: bool) -> Sequence[Module]:
    found = [m for m in modules().values() if m.name in names]
    return found if on else found[::-1]
