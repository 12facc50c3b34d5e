"""The front door: `/` is the city's home on a city's host and the platform's home on the apex."""

from collections.abc import Callable
from typing import cast

from flask import Flask, current_app
from flask.typing import ResponseReturnValue

from app.core.context import city_or_none


def front() -> ResponseReturnValue:
    """Show the home page of the site being served."""
    name = "portal.home" if city_or_none() else "apex.home"
    view = cast("Callable[[], ResponseReturnValue]", current_app.view_functions[name])
    return view()


def install(app: Flask) -> None:
    """Put the front door at `/`."""
    app.add_url_rule("/", "front", front)
