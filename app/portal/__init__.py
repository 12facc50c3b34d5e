"""A city's face: home, sign-in, account, and the pages every site owes its readers."""

from flask import Blueprint

from app.accounts import sign_in_holding  # declares what is kept about how people sign in
from app.accounts import tasks as tasks  # declares the tasks that these pages ask for
from app.notify import holdings, sending  # declare what is kept about people, and the tasks that send
from app.portal import (
    about,
    account,
    confirm,
    home,
    household,
    inbox,
    known,
    links,
    my_data,
    notifications,
    open_data,
    reach,
    requests,
    search,
    second,
    security,
    services,
    unsubscribe,
)
from app.web.search import tasks as search_tasks  # declares what keeps the search in step
from app.web.statistics import keeping  # declares what counts

# These add their pages to those of signing in.
_entrances = (links, second, services)
_told = (inbox.bp, notifications.bp, unsubscribe.bp)


def blueprints() -> list[Blueprint]:
    """Return the blueprints of a city's own pages."""
    return [
        reach.bp,
        reach.worker_bp,
        home.bp,
        links.bp,
        account.bp,
        security.bp,
        confirm.bp,
        *_told,
        known.bp,
        my_data.bp,
        household.bp,
        about.bp,
        search.bp,
        requests.bp,
        open_data.bp,
    ]


__all__ = ["blueprints", "holdings", "keeping", "search_tasks", "sending", "sign_in_holding", "tasks"]
