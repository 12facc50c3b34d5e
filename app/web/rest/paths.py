"""Where programs are served."""

from flask import current_app

from app.core.context import current_city

ROOT = "/api"
PREFIX = f"{ROOT}/v1"
DESCRIPTION = f"{PREFIX}/openapi.json"


def is_for_programs(path: str) -> bool:
    """Tell whether a path is one that programs ask for; the page that explains them to people is not."""
    return path.startswith(f"{ROOT}/") and path != f"{ROOT}/"


def whole(path: str) -> str:
    """Return the whole address of a path on the city's own host."""
    return str(current_app.config["PARVIS"].url(current_city().host, path))
