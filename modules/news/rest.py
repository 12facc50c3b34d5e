"""What programs can do with articles: everybody reads what is published, the city's own programs write."""

from typing import Annotated
from uuid import UUID

from flask import url_for
from pydantic import Field

from app.sdk import (
    Answer,
    Instant,
    Language,
    Listing,
    Made,
    Paging,
    Sent,
    Texts,
    _l,
    endpoint,
    event,
    has_scope,
    listed,
    listing,
    need_scope,
    rest_blueprint,
    unchanged,
    words,
)

from . import services
from .models import Article
from .rules import Draft, Status

VIEW, MANAGE = "news.view", "news.manage"
ONE = "/articles/<uuid:article_id>"

bp = rest_blueprint(__name__)


class Picture(Answer):
    """A picture, and what it shows."""

    url: str
    alt: Texts
    width: int | None
    height: int | None


class NewsArticle(Answer):
    """Something the city tells its residents; `body` is light Markdown."""

    id: UUID
    status: Status
    title: Texts
    summary: Texts
    body: Texts
    picture: Picture | None
    published_at: Instant | None
    updated_at: Instant
    version: int
    url: str


class ArticleSent(Sent):
    """The texts of an article by language; the title is needed in the city's first one."""

    title: Annotated[
        dict[Language, Annotated[str, words(160)]],
        Field(min_length=1, examples=[{"fr": "La bibliothèque rouvre", "en": "The library opens again"}]),
    ]
    summary: dict[Language, Annotated[str, words(400)]] = Field(default_factory=dict)
    body: dict[Language, Annotated[str, words(20_000)]] = Field(default_factory=dict)


class ArticleFilter(Paging):
    """Which articles are wanted."""

    status: Annotated[Status, Field(description="Others than published ones need the scope `news.view`.")] = (
        Status.PUBLISHED
    )


class ArticleTold(Answer):
    """What is told of an article."""

    id: UUID
    title: Texts


event("news.article_published", _l("An article is published"), ArticleTold)
event("news.article_withdrawn", _l("An article is withdrawn"), ArticleTold)


@endpoint(bp, "GET", "/articles", returns=Listing[NewsArticle], query=ArticleFilter, may=(VIEW,))
def articles(query: ArticleFilter) -> Listing[NewsArticle]:
    """List articles, the newest first."""
    if query.status is not Status.PUBLISHED:
        need_scope(VIEW)
    by = [Article.published_at, Article.id] if query.status is Status.PUBLISHED else [Article.id]
    rows, following = listing(services.with_status(query.status), by, query)
    return listed([_shown(row) for row in rows], following)


@endpoint(bp, "POST", "/articles", body=ArticleSent, returns=NewsArticle, status=201, scope=MANAGE)
def write(body: ArticleSent) -> Made:
    """Write an article; residents do not see it before it is published."""
    article = services.create(_draft(body))
    return Made(_shown(article), url_for(".article", article_id=article.id))


@endpoint(bp, "GET", ONE, returns=NewsArticle, may=(VIEW,))
def article(article_id: UUID) -> NewsArticle:
    """Return one article."""
    return _shown((services.article_of if has_scope(VIEW) else services.published)(article_id))


@endpoint(bp, "PUT", ONE, body=ArticleSent, returns=NewsArticle, scope=MANAGE, guarded=True)
def change(article_id: UUID, body: ArticleSent) -> NewsArticle:
    """Change the texts of an article; its picture stays."""
    found = _as_seen(article_id)
    kept = found.draft
    draft = Draft(body.title, body.summary, body.body, kept.picture, kept.picture_alt)
    return _shown(services.change(article_id, draft, version=found.version))


@endpoint(bp, "DELETE", ONE, scope=MANAGE, guarded=True)
def delete(article_id: UUID) -> None:
    """Delete an article for good."""
    _as_seen(article_id)
    services.delete(article_id)


@endpoint(bp, "PUT", f"{ONE}/publication", returns=NewsArticle, scope=MANAGE, guarded=True)
def publish(article_id: UUID) -> NewsArticle:
    """Let residents read an article."""
    _as_seen(article_id)
    return _shown(services.publish(article_id))


@endpoint(bp, "DELETE", f"{ONE}/publication", scope=MANAGE, guarded=True)
def withdraw(article_id: UUID) -> None:
    """Take an article away from residents and keep it for staff."""
    _as_seen(article_id)
    services.withdraw(article_id)


def _as_seen(article_id: UUID) -> Article:
    found = services.article_to_change(article_id)
    unchanged(_shown(found))
    return found


def _draft(sent: ArticleSent) -> Draft:
    return Draft(sent.title, sent.summary, sent.body)


def _shown(found: Article) -> NewsArticle:
    return NewsArticle(
        id=found.id,
        status=found.status,
        title=found.title,
        summary=found.summary,
        body=found.body,
        picture=_picture(found),
        published_at=found.published_at,
        updated_at=found.updated_at,
        version=found.version,
        url=url_for("news_public.article", article_id=found.id, _external=True),
    )


def _picture(found: Article) -> Picture | None:
    if not found.picture:
        return None
    return Picture(
        url=url_for("site.uploaded", name=found.picture, _external=True),
        alt=found.picture_alt,
        width=found.picture_width,
        height=found.picture_height,
    )
