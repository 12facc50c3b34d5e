"""A city's back office."""

from flask import Blueprint

from app.console import (
    addresses,
    audit,
    branding,
    deliveries,
    districts,
    domain_checks,
    domains,
    exporting,
    invitations,
    modules,
    presets,
    publishing,
    reaching,
    roles_own,
    settings,
    staff,
    staff_access,
    staff_roles,
    today,
    use,
    use_news,
    work,
)
from app.console.blueprint import bp

PAGES = (
    today,
    publishing,
    modules,
    presets,
    branding,
    settings,
    reaching,
    districts,
    addresses,
    domains,
    domain_checks,
    deliveries,
    exporting,
    staff,
    staff_roles,
    staff_access,
    roles_own,
    invitations,
    audit,
    use,
    use_news,
    work,
)


def blueprints() -> list[Blueprint]:
    """Return the blueprints of the console."""
    return [bp]
