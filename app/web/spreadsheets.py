"""Text files for spreadsheets: the one place where they are written."""

import csv
import io
from collections.abc import Iterable

# Spreadsheets run a cell that begins like this as a formula (OWASP, "CSV injection").
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")
# Without it, spreadsheets take the file for one in an old local encoding.
BYTE_ORDER_MARK = "\ufeff"
Cell = str | int | float | None


def plain_cell(text: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def csv_lines(lines: Iterable[Iterable[Cell]]) -> str:
    """Return lines of a CSV file (RFC 4180); words that a spreadsheet would take for a formula get an apostrophe.

    The file itself begins with `BYTE_ORDER_MARK`.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for cells in lines:
        writer.writerow([plain_cell(cell) if isinstance(cell, str) else cell for cell in cells])
    return out.getvalue()
