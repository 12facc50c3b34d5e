"""Text files for spreadsheets."""

# Spreadsheets run a cell that begins like this as a formula (OWASP, "CSV injection").
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
# Without it, spreadsheets take the file for one in an old local encoding.
BYTE_ORDER_MARK = "\ufeff"


def plain_cell(text: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
