"""A page with one query and a page with eight; both say which city's rows they read."""

from flask import Response
from sqlalchemy import func, select

from app.sdk import current_city, db, public_blueprint

from .models import Table0, Table1, Table2, Table3, Table4

bp = public_blueprint(__name__)


@bp.get("/one")
def one() -> Response:
    """Read one row."""
    return _answer([db.session.get_one(Table0, 1).title])


@bp.get("/eight")
def eight() -> Response:
    """Read a list of twenty rows, two counts and what belongs to it, as a usual page does."""
    is_open = Table0.state == "open"
    listed = db.session.scalars(select(Table0).where(is_open).order_by(Table0.id.desc()).limit(20)).all()
    number = db.session.scalar(select(func.count()).select_from(Table0).where(is_open))
    states = db.session.execute(select(Table0.state, func.count()).group_by(Table0.state)).all()
    below = db.session.scalars(select(Table1).where(Table1.parent_id == listed[0].id).limit(10)).all()
    second = db.session.get_one(Table2, 1)
    third = db.session.get_one(Table3, 1)
    newest = db.session.scalars(select(Table4).order_by(Table4.id.desc()).limit(1)).one()
    closed = db.session.scalar(select(select(Table1).where(Table1.state == "closed").exists()))
    return _answer(
        [
            *(row.title for row in listed),
            str(number),
            *(f"{row[0]}: {row[1]}" for row in sorted(states, key=lambda row: str(row[0]))),
            *(row.title for row in below),
            second.title,
            third.title,
            newest.title,
            str(closed),
        ]
    )


def _answer(lines: list[str]) -> Response:
    return Response("\n".join([current_city().name, *lines]), mimetype="text/plain")
