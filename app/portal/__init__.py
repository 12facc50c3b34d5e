"""A city's face: home, sign-in, account, and the pages every site owes its readers."""

from flask import Blueprint

from app.accounts import tasks as tasks  # declares the tasks that these pages ask for
from app.portal import about, account, home, links


def blueprints() -> list[Blueprint]:
    """Return the blueprints of a city's own pages."""
    return [home.bp, links.bp, account.bp, about.bp]
