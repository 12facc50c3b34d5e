"""How far several roles reach together; plain rules, no database."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.accounts.models import Role
from app.accounts.permissions import SELF_EVIDENT, Permitted

Reach = frozenset[str] | None
"""Codes of districts; None for the whole city, an empty set for nowhere."""
NOWHERE: Reach = frozenset()


@dataclass(frozen=True, slots=True)
class Held:
    """One role as somebody holds it."""

    preset: Role | None = None
    permissions: frozenset[str] = frozenset()
    """Of a role that the city has made; a built-in one has what manifests say."""
    modules: frozenset[str] | None = None
    districts: frozenset[str] | None = None

    def includes(self, permission: Permitted) -> bool:
        """Tell whether the role has a permission, wherever it may be."""
        if self.modules is not None and permission.owner not in self.modules:
            return False
        if self.preset is not None:
            return self.preset in permission.presets
        return permission.name in self.permissions

    def reach(self, permission: Permitted) -> Reach:
        """Return where it allows something.

        A role limited to districts allows only what asks for the district: elsewhere the limit would be none.
        """
        if permission.name == SELF_EVIDENT:
            return None
        if not self.includes(permission):
            return NOWHERE
        if self.districts is None:
            return None
        return self.districts if permission.by_district else NOWHERE

    def opens(self, module: str, declared: Iterable[Permitted]) -> bool:
        """Tell whether it leads to a module's pages for staff: a built-in role anywhere, another by a permission."""
        if self.modules is not None and module not in self.modules:
            return False
        if self.preset is not None and self.districts is None:
            return True
        return any(self.reach(permission) != NOWHERE for permission in declared)


def reach(held: Iterable[Held], permission: Permitted) -> Reach:
    """Return where several roles together allow something."""
    found: frozenset[str] = frozenset()
    for one in held:
        part = one.reach(permission)
        if part is None:
            return None
        found |= part
    return found


def is_within(where: Reach, district: str | None) -> bool:
    """Tell whether a reach includes a district; with None, whether it is anywhere at all."""
    if where is None:
        return True
    return bool(where) if district is None else district in where
