"""The code of a release meets cities that are one revision behind: before their turn, or when they failed."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import String, func, select
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from app.core.context import City, serving
from app.core.db import db


class Models(DeclarativeBase):
    """Tables of these tests alone."""


class Tree(Models):
    """What the release that brings grove_0002 maps: its new columns are deferred, the database fills them."""

    __tablename__ = "grove_tree"
    __mapper_args__ = {"eager_defaults": False}  # noqa: RUF012

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(String(80))
    street: Mapped[str] = mapped_column(String(80), default="")
    health: Mapped[str] = mapped_column(String(32), server_default="100%", deferred=True)
    street_key: Mapped[str | None] = mapped_column(String(80), server_default=func.null(), deferred=True)


class LeavingModels(DeclarativeBase):
    """The same tables in a later release."""


class LeavingTree(LeavingModels):
    """What the release before grove_0004 maps: the street is on its way out."""

    __tablename__ = "grove_tree"
    __mapper_args__ = {"eager_defaults": False}  # noqa: RUF012

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(String(80))
    street: Mapped[str] = mapped_column(String(80), server_default="", deferred=True)
    street_key: Mapped[str | None] = mapped_column(String(80))


@pytest.fixture
def visit(app):
    """One transaction as a page has it, in whatever city."""

    def inside(city_id, work):
        city = City(
            id=city_id,
            slug=city_id,
            name=city_id,
            host="x",
            languages=("en",),
            time_zone="UTC",
            currency="EUR",
        )
        with app.app_context(), serving(city), Session(db.engine) as session, session.begin():
            return work(session)

    return inside


def look_after_trees(session):
    """Do what pages do: write, list, change, count, remove."""
    session.add_all([Tree(name="Oak", street="High Street"), Tree(name="Elm")])
    session.flush()
    oak = session.scalars(select(Tree).where(Tree.name == "Oak").with_for_update()).one()
    oak.name = "Old oak"
    session.delete(session.scalars(select(Tree).where(Tree.name == "Elm")).one())
    session.flush()
    session.expire_all()
    return [tree.name for tree in session.scalars(select(Tree).order_by(Tree.name))]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_same_code_works_before_and_after_the_revision(town, visit, number):
    city_id = town(grove=number)
    assert visit(city_id, look_after_trees) == ["Old oak"]


@pytest.mark.parametrize("number", [2, 3, 4])
def test_the_release_before_does_not_miss_what_is_taken_away(town, visit, number):
    def work(session):
        session.add(LeavingTree(name="Ash", street_key="high street"))
        session.flush()
        ash = session.scalars(select(LeavingTree).with_for_update()).one()
        ash.name = "Old ash"
        session.flush()
        session.expire_all()
        return session.scalars(select(LeavingTree)).one().name

    assert visit(town(grove=number), work) == "Old ash"


def test_one_connection_serves_cities_before_and_after_in_turn(town, visit, migrate):
    cities = [town(grove=1), town(grove=2)]
    for turn in range(1, 9):
        assert [len(visit(city, look_after_trees)) for city in cities] == [turn, turn]
    migrate(cities=(cities[0],), only=("city",))
    with pytest.raises(ProgrammingError, match="health"):
        visit(cities[0], lambda session: session.scalars(select(Tree.health)).all())
    assert set(visit(cities[1], lambda session: session.scalars(select(Tree.health)).all())) == {"100%"}
