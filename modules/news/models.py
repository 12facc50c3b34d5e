"""Tables; every city has its own."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk import CityModel, Localized, LocalizedText, impersonal, new_id, now, picked

from .rules import Draft, Status, slug, teaser


class Article(CityModel):
    """Something the city tells its residents; `version` counts the saved changes of its texts."""

    __tablename__ = "news_article"
    __table_args__ = (Index("ix_news_article_status_published_at", "status", "published_at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    status: Mapped[Status] = mapped_column(default=Status.DRAFT)
    title: Mapped[Localized] = mapped_column(LocalizedText)
    summary: Mapped[Localized] = mapped_column(LocalizedText, default=dict)
    body: Mapped[Localized] = mapped_column(LocalizedText, default=dict)
    picture: Mapped[str | None] = mapped_column(String(60), info=impersonal())
    picture_alt: Mapped[Localized] = mapped_column(LocalizedText, default=dict)
    picture_width: Mapped[int | None]
    picture_height: Mapped[int | None]
    author_id: Mapped[str] = mapped_column(String(64), default="", info=impersonal())
    published_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, index=True)
    version: Mapped[int] = mapped_column(default=1)

    @property
    def draft(self) -> Draft:
        """Return what staff wrote."""
        return Draft(self.title, self.summary, self.body, self.picture, self.picture_alt)

    @property
    def slug(self) -> str:
        """Return the end of its address, made from the title as the reader gets it."""
        return slug(picked(self.title).text)

    @property
    def lead(self) -> Localized:
        """Return the summary, to be read with the title."""
        return self._with_the_title(self.summary)

    @property
    def teaser(self) -> Localized:
        """Return what a list says about it, to be read with the title."""
        return self._with_the_title(teaser(self.summary, self.body))

    @property
    def text(self) -> Localized:
        """Return the body, to be read with the title."""
        return self._with_the_title(self.body)

    @property
    def alt(self) -> Localized:
        """Return what the picture shows, to be read with the title."""
        return self._with_the_title(self.picture_alt)

    def _with_the_title(self, words: Localized) -> Localized:
        """Return the words in the language the title is read in, where there are any: no mixture of languages."""
        code = picked(self.title).language
        return {code: words[code]} if code in words else words
