"""What the deployment offers to programs, and how modules add to it."""

from flask import Flask

from app.web.rest import rates
from app.web.rest.cookies import without_cookies
from app.web.rest.cursors import listed, listing
from app.web.rest.declaring import endpoint, rest_blueprint
from app.web.rest.endpoints import scope
from app.web.rest.paths import is_for_programs
from app.web.rest.problems import say_as_problem
from app.web.rest.schemas import Answer, Instant, Language, Listing, Money, Paging, Sent, Texts, words
from app.web.rest.serving import Made, has_scope, need_scope, unchanged

__all__ = [
    "Answer",
    "Instant",
    "Language",
    "Listing",
    "Made",
    "Money",
    "Paging",
    "Sent",
    "Texts",
    "endpoint",
    "has_scope",
    "install",
    "is_for_programs",
    "listed",
    "listing",
    "need_scope",
    "rest_blueprint",
    "scope",
    "unchanged",
    "words",
]


def install(app: Flask) -> None:
    """Keep cookies out of what programs ask and are answered, and answer every error there with a problem."""
    app.after_request(rates.tell)
    app.after_request(say_as_problem)
    app.wsgi_app = without_cookies(app.wsgi_app)  # type: ignore[method-assign,assignment]
