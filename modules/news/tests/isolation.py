"""What the isolation suite needs of the news: articles in both cities, each in its own words."""

import io
from collections.abc import Iterable
from uuid import UUID

from PIL import Image
from sqlalchemy import select

from app.sdk import db, store_image
from app.testing.leaks import Filling, Twin
from modules.news import services
from modules.news.models import Article
from modules.news.rules import Draft, Status

filling = Filling()
COLOURS = {"paris": "navy", "budapest": "teal"}


@filling.content
def articles(twin: Twin) -> None:
    """Write one article of each status; a published one has a picture."""
    for status in Status:
        picture = _picture(twin) if status is Status.PUBLISHED else None
        draft = Draft(
            title=twin.texts(f"title {status}"),
            summary=twin.texts("summary"),
            body=twin.texts("body"),
            picture=picture,
            picture_alt=twin.texts("picture") if picture else {},
        )
        article = services.create(draft)
        if status is not Status.DRAFT:
            services.publish(article.id)
        if status is Status.WITHDRAWN:
            services.withdraw(article.id)


@filling.values("article_id")
def article_ids(_twin: Twin) -> Iterable[UUID]:
    """Return every article."""
    return db.session.scalars(select(Article.id).order_by(Article.id)).all()


@filling.values("article_id", "slug")
def article_addresses(_twin: Twin) -> Iterable[tuple[UUID, str]]:
    """Return every article with the end of its address, and with one that moved."""
    found = db.session.scalars(select(Article).order_by(Article.id)).all()
    return [(article.id, "moved") for article in found]


@filling.values("code")
def codes(_twin: Twin) -> Iterable[str]:
    """Return languages that both cities offer."""
    return ["fr", "hu"]


def _picture(twin: Twin) -> str:
    content = io.BytesIO()
    Image.new("RGB", (12, 12 + twin.alone), COLOURS[twin.slug]).save(content, "PNG")
    content.seek(0)
    return store_image(content)


filling.review("no text news_article.author_id", "an id")
filling.review("no text news_article.picture", "the name of a file, made from its content")

_texts = {"title": {"fr": "Typed title", "hu": "Typed title"}}
filling.answers("news_rest.write", **_texts)
filling.answers("news_rest.change", **_texts)
