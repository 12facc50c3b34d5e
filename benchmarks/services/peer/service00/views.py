"""A page with one query and a page with eight; both say which tenant's rows they read."""

from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .models import Table0, Table1, Table2, Table3, Table4

# Built once, as in Parvis; objects are as fast as values() here.
OPEN = Table0.objects.filter(state="open")
LISTED = OPEN.order_by("-id")[:20]
STATES = Table0.objects.values_list("state").annotate(Count("id"))
NEWEST = Table4.objects.order_by("-id")
CLOSED = Table1.objects.filter(state="closed")


def one(request: HttpRequest) -> HttpResponse:
    """Read one row."""
    return _answer(request, [Table0.objects.get(pk=1).title])


def eight(request: HttpRequest) -> HttpResponse:
    """Show a list of twenty rows, two counts and what belongs to it, as a usual page does."""
    return render(request, "service00/eight.html", _read())


def eight_bare(request: HttpRequest) -> HttpResponse:
    """Ask the same eight queries and draw no page."""
    read = _read()
    rows = (*read["listed"], *read["below"], read["second"], read["third"], read["newest"])
    return _answer(
        request, [*(row.title for row in rows), str(read["number"]), str(read["states"]), str(read["closed"])]
    )


def _read() -> dict[str, Any]:
    listed = list(LISTED.all())
    return {
        "listed": listed,
        "number": OPEN.count(),
        "states": list(STATES.all()),
        "below": list(Table1.objects.filter(parent_id=listed[0].pk)[:10]),
        "second": Table2.objects.get(pk=1),
        "third": Table3.objects.get(pk=1),
        "newest": NEWEST.all()[0],
        "closed": CLOSED.exists(),
    }


def _answer(request: HttpRequest, lines: list[str]) -> HttpResponse:
    return HttpResponse("\n".join([request.tenant.name, *lines]), content_type="text/plain")
