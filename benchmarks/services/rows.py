"""What stands in the tables: a little of everything, each title with the name of its city."""

from collections.abc import Iterable

from benchmarks.services import TABLES

BODY = "What a resident wrote, or what the town hall answered, in a few lines. " * 4
ROWS = (50, 50, 10, 10, 10)


def fill(schema: str, name: str, services: Iterable[str]) -> str:
    """Return the statements that fill a city's tables of these services."""
    return "".join(
        f'INSERT INTO "{schema}".{service}_table{table} (title, state, body, parent_id)'
        f" SELECT '{name}, {service} ' || n, CASE WHEN n % 3 = 0 THEN 'closed' ELSE 'open' END, '{BODY}',"
        f" {'NULL' if table == 0 else '50 - n % 5' if table == 1 else '1'}"
        f" FROM generate_series(1, {ROWS[table]}) n;\n"
        for service in services
        for table in range(TABLES)
    )
