"""The home page: five queries and one template, as the home page of a city in Parvis."""

import os
from collections.abc import Mapping

from django.core.cache import cache
from django.db import connection
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from benchmarks.peer.town.models import Article, Edition, Project, Setting, Turnout

LANGUAGES = (("fr", "Français"), ("en", "English"), ("hu", "Magyar"), ("es", "Español"))
SERVICES = (
    (
        "news",
        "newspaper",
        "News",
        "Articles with pictures in the languages of the city, to read here or in a feed.",
    ),
    (
        "participatory-budget",
        "vote",
        "Participatory budget",
        "Projects, ballot, secret vote, count and results.",
    ),
)


def home(request: HttpRequest) -> HttpResponse:
    """Show what is going on in the city and what it offers."""
    return render(request, "town/home.html", _kept() if os.environ.get("PEER_CACHED") == "1" else _values())


def _kept() -> Mapping[str, object]:
    """Return the values with those of the database from the cache, as a project would that has no fragment to keep."""
    key = f"home:{connection.schema_name}:{get_language()}"
    found: Mapping[str, object] = cache.get_or_set(key, _values, 60)
    return found


def _values() -> dict[str, object]:
    language = get_language() or "en"
    editions = list(Edition.objects.exclude(stage="draft").order_by("-closes_at", "id")[:50])
    ids = [edition.pk for edition in editions]
    projects = dict(Project.objects.filter(edition__in=ids).values_list("edition_id").annotate(Count("id")))
    least = (
        Setting.objects.filter(module="participatory_budget").values_list("values", flat=True).first() or {}
    )
    voters = dict(Turnout.objects.filter(edition__in=ids).values_list("edition_id").annotate(Sum("voters")))
    articles = Article.objects.filter(status="published").order_by("-published_at", "-id")[:3]
    return {
        "languages": LANGUAGES,
        "language": language,
        "services": SERVICES,
        "editions": [
            {
                "slug": edition.slug,
                "title": _picked(edition.title, language),
                "summary": _picked(edition.summary, language),
                "closes_at": edition.closes_at,
                "days_left": (edition.closes_at - timezone.now()).days,
                "budget": edition.budget // 100,
                "projects": projects.get(edition.pk, 0),
                "voters": voters[edition.pk] if voters.get(edition.pk, 0) >= least.get("least", 10) else None,
            }
            for edition in editions
        ],
        "articles": [
            {
                "id": article.pk,
                "published_at": article.published_at,
                "title": _picked(article.title, language),
                "summary": _picked(article.summary, language),
            }
            for article in articles
        ],
    }


def _picked(text: Mapping[str, str], language: str) -> str:
    return text.get(language) or next(iter(text.values()), "")
