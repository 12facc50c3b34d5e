"""A module's addresses, filled in so that they can be asked for."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from flask import Flask
from werkzeug.routing import (
    AnyConverter,
    BaseConverter,
    FloatConverter,
    IntegerConverter,
    Rule,
    UUIDConverter,
)

from app.core.context import City, serving
from app.core.db import end_transaction
from app.registry import Module
from tenants import resolve, toggles

HERE, ELSEWHERE = "paris", "budapest"
NOBODYS = UUID("0190163d-8694-739b-aea5-966c26f8ad90")


@dataclass(frozen=True, slots=True)
class Address:
    """One address of a module; `complete` ones have nothing to fill in."""

    method: str
    path: str
    endpoint: str
    complete: bool

    @property
    def for_staff(self) -> bool:
        """Tell whether it is one of the pages for staff."""
        return self.path.startswith("/admin/")


def addresses(app: Flask, module: Module) -> list[Address]:
    """Return every address of the module for each method that it answers."""
    own = {name for name, blueprint in app.blueprints.items() if blueprint.import_name == module.package}
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.partition(".")[0] in own]
    return [found for rule in rules for found in _filled(app, rule)]


@contextmanager
def switched_off(app: Flask, module: Module) -> Iterator[None]:
    """Switch the module off in one city for as long as the block lasts."""
    _switch(app, module, on=False)
    try:
        yield
    finally:
        _switch(app, module, on=True)


def city_here() -> City:
    """Return the city in which modules are switched off."""
    city = resolve.city_by_slug(HERE)
    assert city is not None, f"the tests need a city called {HERE}"
    return city


def _filled(app: Flask, rule: Rule) -> Iterator[Address]:
    values = {name: _some(converter) for name, converter in rule._converters.items()}
    for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}):
        path = app.url_map.bind("").build(rule.endpoint, values, method=method)
        yield Address(method, path, rule.endpoint, complete=not values)


def _some(converter: BaseConverter) -> object:
    if isinstance(converter, IntegerConverter):
        return 1
    if isinstance(converter, FloatConverter):
        return 1.0
    if isinstance(converter, UUIDConverter):
        return NOBODYS
    if isinstance(converter, AnyConverter):
        return sorted(converter.items)[0]
    return "x"


def _switch(app: Flask, module: Module, *, on: bool) -> None:
    with app.app_context(), serving(city_here()) as city:
        assert city is not None
        (toggles.switch_on if on else toggles.switch_off)(city, [module.name])
        end_transaction(keep=True)
