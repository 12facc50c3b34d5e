"""Every address of the application, who owns it, and the values that fill it in for either city."""

import inspect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, product

from flask import Flask
from werkzeug.routing import AnyConverter, Rule

from app.core.jobs import TASKS
from app.registry import modules
from app.testing.leaks.filling import PLATFORM, Filling, Provider, Twin
from app.testing.leaks.twins import Twins, inside
from app.web import gates

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
MOST = 12
Values = dict[str, object]


class Unguessed(Exception):
    """Nobody says what a parameter can be; the text says what to add."""


@dataclass(slots=True)
class Fill:
    """Values for all parameters of an address or a task."""

    both: list[Values] = field(default_factory=list)
    only_here: list[Values] = field(default_factory=list)
    only_there: list[Values] = field(default_factory=list)


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """One rule of the application."""

    rule: Rule
    owner: str
    on_apex: bool

    @property
    def endpoint(self) -> str:
        """Return the name of its view."""
        return str(self.rule.endpoint)

    @property
    def methods(self) -> list[str]:
        """Return what it answers to, HEAD and OPTIONS aside."""
        return [method for method in METHODS if method in (self.rule.methods or ())]

    def way(self, values: Values) -> tuple[object, ...]:
        """Return which of the ways it goes these values choose: what its rule lists, as `on` and `off`."""
        listed = (n for n, c in self.rule._converters.items() if isinstance(c, AnyConverter))
        return tuple(values[name] for name in listed)

    def path(self, values: Values) -> str:
        """Return the address filled in."""
        built = self.rule.build(values)
        assert built is not None, f"{self.rule.rule} cannot be filled with {values}"
        return built[1]


def routes(app: Flask) -> list[Route]:
    """Return every address."""
    owners = {
        name: module.name
        for name, blueprint in app.blueprints.items()
        for module in modules().values()
        if blueprint.import_name == module.package
    }
    return [
        Route(rule, owners.get(name, PLATFORM), _on_apex(app, name))
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (str(rule.endpoint), rule.rule))
        for name in [str(rule.endpoint).rpartition(".")[0]]
    ]


def _on_apex(app: Flask, blueprint: str) -> bool:
    return gates._on_the_apex in app.before_request_funcs.get(blueprint, ())


def task_owner(name: str) -> str:
    """Return who brings the content for a task."""
    return TASKS[name].owner if TASKS[name].owner in modules() else PLATFORM


def fill_route(twins: Twins, route: Route) -> Fill:
    """Return the values for an address; raises Unguessed."""
    given = {
        name: sorted(converter.items)
        for name, converter in route.rule._converters.items()
        if isinstance(converter, AnyConverter)
    }
    names = sorted(set(route.rule._converters) - set(given))
    found = _fill(twins, route.owner, route.endpoint, names, f"the address {route.rule.rule}")
    for kind in (found.both, found.only_here, found.only_there):
        kind[:] = [
            {**values, **dict(zip(given, more, strict=True))}
            for values in kind
            for more in product(*given.values())
        ]
    return found


def fill_task(twins: Twins, name: str) -> Fill:
    """Return the ids for a task; raises Unguessed."""
    names = sorted(inspect.signature(TASKS[name].run).parameters)
    return _fill(twins, task_owner(name), name, names, f"the task {name}")


def _fill(twins: Twins, owner: str, subject: str, names: Sequence[str], called: str) -> Fill:
    if not names:
        return Fill(both=[{}])
    here = list(_combined(twins, twins.here, owner, subject, names, called=called))
    there = list(_combined(twins, twins.there, owner, subject, names, called=called))
    return Fill(
        both=[values for values in here if values in there][:MOST],
        only_here=[values for values in here if values not in there][:MOST],
        only_there=[values for values in there if values not in here][:MOST],
    )


def _combined(
    twins: Twins, twin: Twin, owner: str, subject: str, names: Sequence[str], *, called: str
) -> Iterator[Values]:
    chosen = list(_providers(twins.fillings[owner], owner, subject, names, called))
    with inside(twins.app, twin):
        columns = [[_tuple(value, len(group)) for value in provide(twin)] for group, provide in chosen]
    for group, column in zip(chosen, columns, strict=True):
        if not column:
            raise Unguessed(
                f"{called}: the provider of {', '.join(group[0])} finds nothing in {twin.slug}; fill some in"
            )
    for combination in islice(product(*columns), 500):
        yield {
            name: value
            for (group, _p), values in zip(chosen, combination, strict=True)
            for name, value in zip(group, values, strict=True)
        }


def _providers(
    filling: Filling, owner: str, subject: str, names: Sequence[str], called: str
) -> Iterable[tuple[tuple[str, ...], Provider]]:
    """Yield providers that together cover `names`: those for this subject and for more names at once first."""
    left = set(names)
    known = sorted(filling.providers.items(), key=lambda item: (item[0][0] != subject, -len(item[0][1])))
    for (of, group), provide in known:
        if of in ("", subject) and set(group) <= left:
            left -= set(group)
            yield group, provide
    if left:
        name = sorted(left)[0]
        raise Unguessed(
            f"{called} has a parameter `{name}` that nobody provides for: add a function with"
            f' @filling.values("{name}") to {where(owner)}'
        )


def where(owner: str) -> str:
    """Return where an owner's part of the suite lies."""
    if owner == PLATFORM:
        return "app/testing/leaks/platform"
    return f"{modules()[owner].package}/tests/isolation.py"


def _tuple(value: object, size: int) -> tuple[object, ...]:
    return value if isinstance(value, tuple) and size > 1 else (value,)
