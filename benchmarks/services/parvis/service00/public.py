"""A page with one query and a page with eight; both say which city's rows they read."""

from typing import Any

from flask import Response
from sqlalchemy import bindparam, func, select

from app.sdk import Query, current_city, public_blueprint, render, rows, together

from .models import Table0, Table1, Table2, Table3, Table4

ONE = Query(select(Table0.title).where(Table0.id == bindparam("id")))
LISTED = Query(
    select(Table0.id, Table0.title, Table0.state, Table0.body)
    .where(Table0.state == "open")
    .order_by(Table0.id.desc())
    .limit(20)
)
NUMBER = Query(select(func.count()).select_from(Table0).where(Table0.state == "open"))
STATES = Query(select(Table0.state, func.count().label("number")).group_by(Table0.state))
BELOW = Query(select(Table1.title).where(Table1.parent_id == bindparam("parent")).limit(10))
SECOND = Query(select(Table2.title).where(Table2.id == bindparam("id")))
THIRD = Query(select(Table3.title).where(Table3.id == bindparam("id")))
NEWEST = Query(select(Table4.title).order_by(Table4.id.desc()).limit(1))
CLOSED = Query(select(select(Table1).where(Table1.state == "closed").exists()))

bp = public_blueprint(__name__)


@bp.get("/one")
def one() -> Response:
    """Read one row."""
    return _answer([rows(ONE(id=1))[0].title])


@bp.get("/eight")
def eight() -> str:
    """Show a list of twenty rows, two counts and what belongs to it, as a usual page does."""
    return render("service00/eight.html", **_read())


@bp.get("/eight.txt")
def eight_bare() -> Response:
    """Ask the same eight queries and draw no page."""
    read = _read()
    found = (*read["listed"], *read["below"], read["second"], read["third"], read["newest"])
    return _answer(
        [*(row.title for row in found), str(read["number"]), str(read["states"]), str(read["closed"])]
    )


def _read() -> dict[str, Any]:
    listed, number, states, second, third, newest, closed = together(
        LISTED(), NUMBER(), STATES(), SECOND(id=1), THIRD(id=1), NEWEST(), CLOSED()
    )
    return {
        "listed": listed,
        "number": number[0][0],
        "states": states,
        "below": rows(BELOW(parent=listed[0].id)),
        "second": second[0],
        "third": third[0],
        "newest": newest[0],
        "closed": closed[0][0],
    }


def _answer(lines: list[str]) -> Response:
    return Response("\n".join([current_city().name, *lines]), mimetype="text/plain")
