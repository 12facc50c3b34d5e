"""Asking as programs do: with a token and JSON, where a person would have a cookie and a form."""

import json

from app.testing.leaks.routes import Route
from app.testing.leaks.twins import Person, Twins

TOKEN = "token"


def is_for_programs(twins: Twins, route: Route) -> bool:
    """Tell whether an address is one of the API's."""
    return "rest" in twins.app.view_functions[route.endpoint].__dict__


def headers(twins: Twins, route: Route, person: Person) -> dict[str, str]:
    """Return what a program sends along: the city's own token as administrator, the other city's as resident."""
    if not is_for_programs(twins, route):
        return {}
    here, there = twins.here, twins.there
    whose = {"administrator": here, "resident": there}
    for role, twin in whose.items():
        if person is twins.person(here, role) and twin.kept.get(TOKEN):
            return {"Authorization": f"Bearer {twin.kept[TOKEN][0]}", "Content-Type": "application/json"}
    return {"Content-Type": "application/json"}


def body(twins: Twins, route: Route) -> bytes:
    """Return what a program sends to an address, as its owner wrote it down."""
    typed = twins.fillings[route.owner].typed.get(route.endpoint, [{}])[0]
    return json.dumps(
        {name: value(twins.here) if callable(value) else value for name, value in typed.items()}
    ).encode()
