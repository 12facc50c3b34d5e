"""The pages about a person's own account: what they are, and the frame that is around them."""

from collections.abc import Callable
from typing import NamedTuple

from flask import Blueprint, Response, request, url_for
from flask_babel import lazy_gettext as _l

from app.web.gates import city_blueprint
from app.web.page import Entry, render


class AccountPage(NamedTuple):
    """One of the pages of an account; label and sentence are lazily translated."""

    label: str
    sentence: str
    endpoint: str
    icon: str
    is_offered: Callable[[], bool] = lambda: True
    """Whether the city has what the page is about."""


ENTRIES: list[AccountPage] = [
    AccountPage(_l("Inbox"), _l("What the city has told you."), "portal_inbox.messages", "inbox"),
    AccountPage(
        _l("Notifications"),
        _l("What we tell you, by which channel and how often; quiet hours; what you follow."),
        "portal_notifications.choose",
        "bell",
    ),
]
"""In the order in which they are shown: rows of the account's first page, tabs on the others."""


def account_blueprint(name: str, package: str, path: str) -> Blueprint:
    """Return a blueprint for pages under `/account` + `path`, which no cache keeps."""
    blueprint = city_blueprint(name, package, f"/account{path}")
    blueprint.after_request(keep_private)
    return blueprint


def keep_private(response: Response) -> Response:
    """Keep a page out of caches."""
    response.headers["Cache-Control"] = "no-store"
    return response


def account_page(template: str, **values: object) -> str:
    """Return a page that extends `portal/account_frame.html`."""
    return render(template, account_tabs=tabs(), **values)


def rows() -> list[tuple[AccountPage, str]]:
    """Return the pages with their addresses."""
    return [(page, url_for(page.endpoint)) for page in ENTRIES if page.is_offered()]


def tabs() -> list[Entry]:
    """Return the pages as tabs; the one that is open, or that leads to it, is marked."""
    return [
        Entry(str(page.label), url, page.icon, request.path == url or request.path.startswith(f"{url}/"))
        for page, url in rows()
    ]
