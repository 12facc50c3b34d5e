"""Finding the installed modules."""

from functools import cache
from importlib.metadata import entry_points

from app.registry.manifest import ManifestError, Module, read

GROUP = "parvis.modules"


@cache
def modules() -> dict[str, Module]:
    """Return all installed modules by name, those that others need first; raises ManifestError."""
    found: dict[str, Module] = {}
    for point in sorted(entry_points(group=GROUP), key=lambda p: p.name):
        module = read(point.value)
        if module.name != point.name:
            raise ManifestError(
                f"{point.value}: the entry point is called {point.name}, the manifest {module.name}"
            )
        found[module.name] = module
    return {name: found[name] for name in _ordered(found)}


def reload_modules() -> None:
    """Forget what was found, so that a package installed meanwhile is seen."""
    modules.cache_clear()


def module_of(package: str) -> Module:
    """Return the module that a dotted package path belongs to; raises LookupError."""
    for module in modules().values():
        if package == module.package or package.startswith(module.package + "."):
            return module
    raise LookupError(package)


def _ordered(found: dict[str, Module]) -> list[str]:
    order: list[str] = []

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name not in found:
            raise ManifestError(f"{path[-1]} requires {name}, which is not installed")
        if name in path:
            raise ManifestError(f"modules require each other: {' > '.join((*path, name))}")
        for need in found[name].requires:
            visit(need, (*path, name))
        if name not in order:
            order.append(name)

    for name in found:
        visit(name, ())
    return order
