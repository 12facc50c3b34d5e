"""Everything that can be done with an article; nothing else writes to the table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select

from app.sdk import (
    LANGUAGES,
    Conflict,
    Findable,
    Invalid,
    NotFound,
    Only,
    Page,
    _,
    _l,
    audit,
    current_account,
    current_city,
    db,
    emit,
    image_size,
    notify,
    now,
    paged,
    picked,
    searchable,
    settings,
    subscribers,
)

from .models import Article
from .rules import Draft, Status, differences, may_publish, may_withdraw, plain, tidy

STAFF_PAGE = 25


@dataclass(frozen=True, slots=True)
class NewsSettings:
    """What a city may set, declared in the manifest."""

    per_page: int


@searchable("article", _l("News"), order=40)
def findable(only: Only) -> Iterator[Findable]:
    """Yield the articles that residents can read."""
    found = _published()
    for article in db.session.scalars(found if only is None else found.where(Article.id.in_(only))):
        words = {
            code: plain(f"{article.summary.get(code, '')}\n{article.body.get(code, '')}")
            for code in article.title
        }
        yield Findable(article.id, f"/news/{article.id}", article.title, words)


def published_page(number: int) -> Page[Article]:
    """Return one page of what residents can read, newest first."""
    return paged(_published(), number=number, per_page=settings(NewsSettings).per_page)


def latest(most: int) -> Sequence[Article]:
    """Return the newest articles that residents can read."""
    return db.session.scalars(_published().limit(most)).all()


def published(article_id: UUID) -> Article:
    """Return an article that residents can read; raises NotFound for any other, as if there were none."""
    article = db.session.get(Article, article_id)
    if article is None or article.status is not Status.PUBLISHED:
        raise NotFound(_("There is no such article, or it is no longer online."))
    return article


def staff_page(status: Status | None, number: int) -> Page[Article]:
    """Return one page of the articles with a status (None: of all), the last changed first."""
    found = select(Article).order_by(Article.updated_at.desc(), Article.id.desc())
    if status is not None:
        found = found.where(Article.status == status)
    return paged(found, number=number, per_page=STAFF_PAGE)


def counts() -> Mapping[Status, int]:
    """Return how many articles there are of each status."""
    grouped = select(Article.status, func.count()).group_by(Article.status)
    return {row[0]: row[1] for row in db.session.execute(grouped)}


def with_status(status: Status) -> Select[Article]:
    """Return the articles with a status, to be listed in whatever order."""
    return select(Article).where(Article.status == status)


def article_of(article_id: UUID) -> Article:
    """Return an article, whatever its status; raises NotFound."""
    article = db.session.get(Article, article_id)
    if article is None:
        raise _gone()
    return article


def article_to_change(article_id: UUID) -> Article:
    """Return an article, locked; raises NotFound."""
    return _locked(article_id)


def sketch(draft: Draft) -> Article:
    """Return an article that is not kept, to be looked at before saving; raises Invalid for an unusable draft."""
    article = Article()
    _write(article, draft)
    return article


def create(draft: Draft) -> Article:
    """Keep a new article that residents do not see yet; raises Invalid for an unusable draft."""
    account = current_account()
    article = Article(author_id=str(account.id) if account else "")
    _write(article, draft)
    db.session.add(article)
    db.session.flush()
    _note("news.created", article)
    return article


def change(article_id: UUID, draft: Draft, *, version: int) -> Article:
    """Save new texts; raises Conflict when `version` is not the one saved last: somebody else was faster."""
    article = _locked(article_id)
    if article.version != version:
        raise Conflict(_("Somebody else has saved this article while you were writing."))
    before = article.draft
    _write(article, draft)
    changed = sorted({difference.part for difference in differences(before, article.draft)})
    if changed:
        article.updated_at = now()
        article.version += 1
        _note("news.changed", article, parts=", ".join(changed))
        findable.index(article.id)
    return article


def publish(article_id: UUID, *, at: datetime | None = None) -> Article:
    """Let residents read the article; it keeps the date of its first publication (`at`, else now)."""
    article = _locked(article_id)
    if not may_publish(article.status):
        raise Conflict(_("This article is already published."))
    article.status = Status.PUBLISHED
    article.published_at = article.published_at or at or now()
    _note("news.published", article)
    _tell(article)
    emit("news.article_published", id=article.id, title=article.title)
    findable.index(article.id)
    return article


def withdraw(article_id: UUID) -> Article:
    """Take the article away from residents and keep it for staff."""
    article = _locked(article_id)
    if not may_withdraw(article.status):
        raise Conflict(_("Residents do not see this article, so there is nothing to withdraw."))
    article.status = Status.WITHDRAWN
    _note("news.withdrawn", article)
    emit("news.article_withdrawn", id=article.id, title=article.title)
    findable.index(article.id)
    return article


def delete(article_id: UUID) -> None:
    """Delete the article for good; the audit log keeps its title."""
    article = _locked(article_id)
    db.session.delete(article)
    _note("news.deleted", article, status=article.status)
    findable.index(article_id)


def _published() -> Select[Article]:
    found = select(Article).where(Article.status == Status.PUBLISHED)
    return found.order_by(Article.published_at.desc(), Article.id.desc())


def _locked(article_id: UUID) -> Article:
    article = db.session.get(Article, article_id, with_for_update=True)
    if article is None:
        raise _gone()
    return article


def _gone() -> NotFound:
    return NotFound(_("There is no such article. Somebody may have deleted it."))


def _write(article: Article, draft: Draft) -> None:
    first = current_city().language
    title, alt = tidy(draft.title), tidy(draft.picture_alt)
    if first not in title:
        raise Invalid(_("An article needs a title (%(language)s).", language=LANGUAGES[first]))
    if draft.picture and first not in alt:
        raise Invalid(_("A picture needs a description (%(language)s).", language=LANGUAGES[first]))
    article.title, article.summary, article.body = title, tidy(draft.summary), tidy(draft.body)
    article.picture, article.picture_alt = draft.picture, alt if draft.picture else {}
    article.picture_width, article.picture_height = (
        image_size(draft.picture) if draft.picture else (None, None)
    )


def _tell(article: Article) -> None:
    """Tell who asked for news; once for each article: one that was withdrawn and comes back is none."""
    notify(
        "news.published",
        subscribers(topic="news"),
        f"article:{article.id}",
        link=f"/news/{article.id}",
        title=article.title,
        teaser=article.teaser,
    )


def _note(action: str, article: Article, **details: str) -> None:
    audit(action, subject=f"news:{article.id}", title=picked(article.title).text, **details)
