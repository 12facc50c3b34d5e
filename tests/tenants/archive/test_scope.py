import pytest
import sqlalchemy as sa
from sqlalchemy import text

import tenants.models as platform_models
from app.core.db import CityModel, PlatformModel
from app.core.exporting import LEFT_OUT, NOT_COPIED, PERSONAL
from app.core.text import LocalizedText
from tenants import schema
from tenants.archive import catalog, manifest, scope
from tenants.archive.scope import PLATFORM_LEFT_OUT, PLATFORM_TOLD, UNMODELLED_LEFT_OUT


def city_tables(app, name="c_testparis"):
    with app.app_context(), schema.owner_transaction() as connection:
        return catalog.read(connection, name)


def platform_columns(app):
    found = text(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema IN ('platform', 'shared')"
    )
    with app.app_context(), schema.owner_transaction() as connection:
        return [tuple(row) for row in connection.execute(found)]


def test_every_column_of_a_city_is_exported_or_left_out_for_a_reason(app):
    tables, _sequences = city_tables(app)
    members, left_out = scope.members(tables)
    exported = {f"{m.table.name}.{column.name}" for m in members for column in m.columns}
    assert {"account.email", "news_article.title", "participatory_budget_ballot.choices"} <= exported
    for name, table in tables.items():
        for column in table.columns:
            whole = f"{name}.{column.name}"
            assert (whole in exported) != bool(left_out.get(whole) or left_out.get(name)), whole
    assert min(len(reason) for reason in left_out.values()) > 20


def test_no_reason_is_stale(app):
    tables, _sequences = city_tables(app)
    declared = {
        table.name: [column.name for column in table.columns if LEFT_OUT in column.info]
        for table in map(described, CityModel.registry.mappers)
        if table.schema is None and (table.info or any(column.info for column in table.columns))
    }
    assert declared
    assert set(declared) <= set(tables)
    for name, columns in declared.items():
        assert set(columns) <= {column.name for column in tables[name].columns}
    assert set(UNMODELLED_LEFT_OUT) <= set(tables)
    assert all(scope.model_of(name) is None for name in UNMODELLED_LEFT_OUT)


def described(mapper):
    return mapper.local_table


def test_a_table_that_is_exported_never_needs_one_that_is_not(app):
    members, left_out = scope.members(city_tables(app)[0])
    for member in members:
        for reference in member.table.references:
            columns = {name: member.table.column(name) for name in reference.columns}
            needed = any(column.needed for column in columns.values())
            assert reference.table not in left_out or not needed, member.table.name


def test_every_table_has_an_order(app):
    members, _left_out = scope.members(city_tables(app)[0])
    assert [m.table.name for m in members if not m.table.key] == []


def test_what_the_platform_knows_of_a_city_is_told_or_left_out_for_a_reason(app):
    columns = platform_columns(app)
    assert ("city", "slug") in columns
    undecided = [
        f"{table}.{column}"
        for table, column in columns
        if column not in PLATFORM_TOLD.get(table, ())
        and table not in PLATFORM_LEFT_OUT
        and f"{table}.{column}" not in PLATFORM_LEFT_OUT
    ]
    assert " ".join(undecided) == ""


def test_no_decision_about_the_platform_is_stale(app):
    columns = platform_columns(app)
    known = {table for table, _column in columns} | {f"{table}.{column}" for table, column in columns}
    assert [name for name in PLATFORM_LEFT_OUT if name not in known] == []
    assert [(t, c) for t, told in PLATFORM_TOLD.items() for c in told if f"{t}.{c}" not in known] == []
    fields = set(manifest.City.__dataclass_fields__)
    assert fields == {*PLATFORM_TOLD["city"], "address"} - {"slug"}
    assert issubclass(platform_models.CityRecord, PlatformModel)


def test_every_column_of_words_says_whether_it_is_personal(app):
    assert scope.undecided() == []


def test_a_column_that_does_not_say_so_is_noticed():
    column = sa.Column("note", sa.String(20))
    assert scope._must_decide(column)
    assert not scope._must_decide(sa.Column("title", LocalizedText))
    assert not scope._must_decide(sa.Column("note", sa.String(20), info={LEFT_OUT: "because"}))
    assert not scope._must_decide(sa.Column("size", sa.Integer))
    assert {LEFT_OUT, NOT_COPIED, PERSONAL} == {"left_out", "not_copied", "personal"}


def test_tables_are_loaded_after_those_they_point_to_and_a_ring_is_refused():
    def table(name, *targets):
        return catalog.Table(
            name, references=[catalog.Reference(("x",), target, ("id",)) for target in targets]
        )

    found = {t.name: t for t in (table("a", "c"), table("b", "b"), table("c", "d"), table("d"))}
    assert catalog.in_loading_order(found) == ["b", "d", "c", "a"]
    found["d"] = table("d", "a")
    with pytest.raises(ValueError, match="ring"):
        catalog.in_loading_order(found)
