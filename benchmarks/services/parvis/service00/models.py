"""Five tables, each with rows that belong to a row of the one before."""

from sqlalchemy import BigInteger, ForeignKey, Identity, String
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk import CityModel


class Line(CityModel):
    """What all five have."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(20))
    body: Mapped[str]


class Table0(Line):
    """Rows that are listed."""

    __tablename__ = "service00_table0"
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("service00_table0.id"), index=True)


class Table1(Line):
    """Rows that belong to what is listed."""

    __tablename__ = "service00_table1"
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("service00_table0.id"), index=True)


class Table2(Line):
    """Rows found by their key."""

    __tablename__ = "service00_table2"
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("service00_table1.id"), index=True)


class Table3(Line):
    """Rows found by their key."""

    __tablename__ = "service00_table3"
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("service00_table2.id"), index=True)


class Table4(Line):
    """Rows of which the newest is shown."""

    __tablename__ = "service00_table4"
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("service00_table3.id"), index=True)
