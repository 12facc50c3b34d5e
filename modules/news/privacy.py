"""What is kept about those who write articles."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import exists, select, update

from app.sdk import Basis, Holding, Record, Stays, _, _l, db, holds, picked

from .models import Article


def _written(account_id: UUID) -> Iterable[Record]:
    mine = select(Article).where(Article.author_id == str(account_id)).order_by(Article.id)
    for article in db.session.scalars(mine):
        yield {
            "title": picked(article.title).text,
            "written_at": article.created_at,
            "published_at": article.published_at,
        }


def _forget_author(account_id: UUID) -> None:
    db.session.execute(update(Article).where(Article.author_id == str(account_id)).values(author_id=""))


def _articles_stay(account_id: UUID) -> Iterable[Stays]:
    if db.session.scalar(select(exists().where(Article.author_id == str(account_id)))):
        yield Stays(_("The articles you wrote, without saying that it was you."), _("They are the city's."))


holds(
    Holding(
        "news.authors",
        _l("Who wrote which article"),
        _l("So that colleagues know whom to ask about an article."),
        Basis.PUBLIC_TASK,
        _l("As long as the article, or until the account is deleted"),
        _written,
        _forget_author,
        _articles_stay,
        tables=("news_article",),
    )
)
