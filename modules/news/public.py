"""Pages for residents: the list, an article, the feeds, and what the home page shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.sdk import (
    NotFound,
    _,
    asked_page,
    current_city,
    force_locale,
    home_section,
    language,
    live_content,
    ngettext,
    number,
    offered,
    public_blueprint,
    render,
)

from . import services
from .models import Article
from .rules import Status, entry_id, feed_id, feed_moment

HOME_ARTICLES = 3
FEED_ARTICLES = 20
FEED_TYPE = "application/atom+xml"
NEVER = datetime(1970, 1, 1, tzinfo=UTC)

bp = public_blueprint(__name__)


@dataclass(frozen=True, slots=True)
class Entry:
    """An article as the feed names and dates it."""

    id: str
    updated: datetime
    article: Article


@bp.get("/")
def index() -> str:
    """List what is published, newest first."""
    return render("news/list.html", page=services.published_page(asked_page()))


@bp.get("/<uuid:article_id>")
@bp.get("/<uuid:article_id>-<slug>")
def article(article_id: UUID, slug: str = "") -> ResponseReturnValue:
    """Show one article; its address ends with the title in the reader's language."""
    found = services.published(article_id)
    if slug != found.slug:
        return _moved(url_for(".article", article_id=found.id, slug=found.slug))
    return render("news/article.html", article=found)


@bp.get("/feed.atom")
@bp.get("/feed.<code>.atom")
def feed(code: str | None = None) -> ResponseReturnValue:
    """Return the newest articles as an Atom feed (RFC 4287) in one language of the city, the first unless asked."""
    chosen = code or offered()[0]
    if chosen not in offered():
        raise NotFound(_("There is no news in this language."))
    with force_locale(chosen):
        response = Response(_feed(services.latest(FEED_ARTICLES)), mimetype=FEED_TYPE)
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    return response.make_conditional(request)


@home_section(order=40)
def latest() -> str | None:
    """Put the latest articles on the home page."""
    articles = services.latest(HOME_ARTICLES)
    return render("news/home.html", articles=articles) if articles else None


@live_content
def readable() -> str | None:
    """Say how many articles residents can read."""
    count = services.counts().get(Status.PUBLISHED, 0)
    if not count:
        return None
    return ngettext(
        "Residents can read %(count)s article.",
        "Residents can read %(count)s articles.",
        count,
        count=number(count),
    )


def _moved(address: str) -> ResponseReturnValue:
    """Send the reader to the right address; asked again each time, as it depends on her language."""
    response = redirect(address, 301)
    response.headers["Cache-Control"] = "no-cache"
    return response


def _feed(articles: Sequence[Article]) -> str:
    entries = [
        Entry(entry_id(a.id, language()), feed_moment(a.published_at or a.updated_at, a.updated_at), a)
        for a in articles
    ]
    return render(
        "news/feed.xml",
        id=feed_id(current_city().id, language()),
        updated=max((entry.updated for entry in entries), default=NEVER),
        entries=entries,
    )
