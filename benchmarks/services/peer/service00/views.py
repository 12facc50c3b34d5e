"""A page with one query and a page with eight; both say which tenant's rows they read."""

from django.db.models import Count
from django.http import HttpRequest, HttpResponse

from .models import Table0, Table1, Table2, Table3, Table4


def one(request: HttpRequest) -> HttpResponse:
    """Read one row."""
    return _answer(request, [Table0.objects.get(pk=1).title])


def eight(request: HttpRequest) -> HttpResponse:
    """Read a list of twenty rows, two counts and what belongs to it, as a usual page does."""
    is_open = Table0.objects.filter(state="open")
    listed = list(is_open.order_by("-id")[:20])
    number = is_open.count()
    states = list(Table0.objects.values_list("state").annotate(Count("id")))
    below = list(Table1.objects.filter(parent_id=listed[0].pk)[:10])
    second = Table2.objects.get(pk=1)
    third = Table3.objects.get(pk=1)
    newest = Table4.objects.order_by("-id")[0]
    closed = Table1.objects.filter(state="closed").exists()
    return _answer(
        request,
        [
            *(row.title for row in listed),
            str(number),
            *(f"{state}: {count}" for state, count in sorted(states)),
            *(row.title for row in below),
            second.title,
            third.title,
            newest.title,
            str(closed),
        ],
    )


def _answer(request: HttpRequest, lines: list[str]) -> HttpResponse:
    return HttpResponse("\n".join([request.tenant.name, *lines]), content_type="text/plain")
