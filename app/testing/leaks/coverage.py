"""What of the two cities' tables holds none of their words: nothing would be noticed if it showed elsewhere."""

from app.registry import modules
from app.testing.leaks.filling import PLATFORM
from app.testing.leaks.keeping import Keeper
from app.testing.leaks.report import Report
from app.testing.leaks.routes import where
from app.testing.leaks.twins import Twins

_COLUMNS = """
SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_type t ON t.oid = a.atttypid
WHERE c.relnamespace = %s::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
  AND (t.typname = 'text' OR t.typname = 'jsonb' OR t.typname = 'varchar' AND a.atttypmod - 4 > 40)
  AND c.relname <> 'module_revision' ORDER BY 1, a.attnum
"""


def check_tables(twins: Twins, keeper: Keeper, report: Report, owners: set[str]) -> None:
    """Complain of every table that is empty, and of every column for free text without the city's word."""
    schema, mark = twins.there.schema, twins.there.mark
    for name, (place, _columns) in keeper.tables.items():
        table = name.partition(".")[2]
        owner = _owner(table)
        if not name.startswith(f"{schema}.") or owner not in owners:
            continue
        number = keeper.owner.execute(f"SELECT count(*) FROM {place}").fetchone()
        if not (number and number[0]) and not twins.fillings[owner].is_reviewed(f"no rows {table}"):
            report.complain(
                f"{table} is empty in the twin cities: fill it in {where(owner)},"
                f' or write review("no rows {table}", why).'
            )
    for table, column in keeper.owner.execute(_COLUMNS, (schema,)).fetchall():
        owner = _owner(table)
        if owner not in owners or twins.fillings[owner].is_reviewed(f"no text {table}.{column}"):
            continue
        found = keeper.owner.execute(
            f'SELECT 1 FROM "{schema}"."{table}" WHERE "{column}"::text ILIKE %s LIMIT 1', (f"%{mark}%",)
        ).fetchone()
        if not found:
            report.complain(
                f"{table}.{column} holds no word of its city: fill some in with Twin.text in {where(owner)},"
                f' or write review("no text {table}.{column}", why).'
            )


def _owner(table: str) -> str:
    return next((name for name in modules() if table.startswith(f"{name}_")), PLATFORM)
