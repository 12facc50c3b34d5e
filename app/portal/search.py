"""Search over all that the city offers; a plain GET form."""

from collections.abc import Iterator

from flask import request, url_for
from flask_babel import lazy_gettext as _l

from app.core.context import current_city
from app.core.errors import NotFound
from app.core.i18n import gettext as _
from app.registry import modules
from app.web.gates import city_blueprint
from app.web.limits import limit
from app.web.page import render
from app.web.paging import asked_page
from app.web.search import Findable, Results, find, searchable, words
from app.web.search.entries import Only, in_all_languages
from app.web.search.finding import MOST_PAGES
from app.web.throttle import network

bp = city_blueprint("portal_search", __name__)
TRIES = "60/minute"
MOST_USED = 6
PAGES = (
    ("/contact", _l("Contact"), _l("E-mail address and telephone of the town hall, questions, help")),
    (
        "/accessibility",
        _l("Accessibility"),
        _l("How accessible the site is, and whom to tell about barriers"),
    ),
    ("/privacy", _l("Privacy"), _l("What is kept about you, why, and for how long; cookies; personal data")),
    (
        "/account",
        _l("My account"),
        _l("Name, language, password, where you are signed in, delete your account"),
    ),
    ("/sign-in", _l("Sign in"), _l("Sign in with a password or a link by mail; forgotten password")),
    ("/sign-up", _l("Open an account"), _l("Sign up, register, new account")),
    ("/my-requests", _l("My requests"), _l("What you have asked of the city and what happens next")),
)


@searchable("page", _l("About this site"), order=90)
def pages(only: Only) -> Iterator[Findable]:
    """Yield the pages that every city has."""
    for path, title, text in PAGES:
        if only is None or path in only:
            yield Findable(path, path, in_all_languages(title), in_all_languages(text), weight=0.6)


@bp.get("/search")
def search() -> str:
    """Show what residents can find under the words that were typed."""
    typed = request.args.get("q", "").strip()[: words.LONGEST]
    kind, number = request.args.get("kind", ""), asked_page()
    if not 1 <= number <= MOST_PAGES:
        raise NotFound(_("This list has no such page."))
    results = Results()
    if typed:
        limit("search", TRIES, network())
        results = find(typed, kind=kind, page=number)
    if number > 1 and not results.groups:
        raise NotFound(_("This list has no such page."))
    return render(
        "portal/search.html",
        typed=typed,
        kind=kind,
        number=number,
        url_of=lambda page: url_for(".search", q=typed, kind=kind, page=page),
        results=results,
        services=[m for m in modules().values() if m.name in current_city().modules and m.in_menu][
            :MOST_USED
        ],
    )
