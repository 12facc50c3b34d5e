"""The news of the demonstration cities."""

from datetime import datetime, time, timedelta

from sqlalchemy import func, select

from app.core.clock import from_local, now, today
from app.core.db import db
from devstack.demo import content
from modules.news import services
from modules.news.models import Article
from modules.news.rules import Draft


def load(slug: str) -> None:
    """Write and publish the city's articles, the oldest first; does nothing when there are some."""
    if db.session.scalar(select(func.count()).select_from(Article)):
        return
    for given in reversed(content.articles(slug)):
        draft = Draft(title=dict(given.title), summary=dict(given.summary), body=dict(given.body))
        at = from_local(datetime.combine(given.published_on(today()), time(9)))
        article = services.create(draft)
        services.publish(article.id, at=min(at, now() - timedelta(minutes=1)))
