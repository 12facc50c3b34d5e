"""A city's back office."""

from flask import Blueprint

from app.console import (
    audit,
    branding,
    exporting,
    invitations,
    modules,
    presets,
    publishing,
    settings,
    staff,
    today,
)
from app.console.blueprint import bp

PAGES = (today, publishing, modules, presets, branding, settings, exporting, staff, invitations, audit)


def blueprints() -> list[Blueprint]:
    """Return the blueprints of the console."""
    return [bp]
