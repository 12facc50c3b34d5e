"""A city's back office."""

from flask import Blueprint


def blueprints() -> list[Blueprint]:
    """Return the blueprints of the console."""
    return []
