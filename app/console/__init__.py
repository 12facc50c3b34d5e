"""A city's back office."""

from flask import Blueprint

from app.accounts import roles_holding
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
    measures,
    messages,
    modules,
    people,
    people_kinds,
    presets,
    privacy,
    publishing,
    reaching,
    roles_own,
    rolls,
    settings,
    sign_in,
    signing_out,
    staff,
    staff_access,
    staff_roles,
    statistics,
    texts,
    today,
    tokens,
    use,
    use_news,
    webhooks,
    work,
)
from app.console.blueprint import bp

DECLARED = (roles_holding,)
"""What only has to be known."""
PAGES = (
    today,
    publishing,
    modules,
    presets,
    branding,
    settings,
    sign_in,
    signing_out,
    reaching,
    districts,
    addresses,
    domains,
    domain_checks,
    deliveries,
    exporting,
    people,
    people_kinds,
    rolls,
    staff,
    staff_roles,
    staff_access,
    roles_own,
    invitations,
    messages,
    measures,
    audit,
    privacy,
    use,
    use_news,
    statistics,
    texts,
    work,
    tokens,
    webhooks,
)


def blueprints() -> list[Blueprint]:
    """Return the blueprints of the console."""
    return [bp]
