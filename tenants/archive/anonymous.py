"""SQL that reads a column and gives something else in its place, so that real people never leave their city."""

import secrets
from collections.abc import Sequence

from app.core.exporting import Personal
from tenants.archive import catalog
from tenants.archive.catalog import quoted
from tenants.archive.scope import Member

# A domain that no mail server ever takes (RFC 2606).
DOMAIN = "training.invalid"
WORDS = "…"


class Replacer:
    """Replaces the same value by the same other one for one copy, and by another for the next."""

    def __init__(self) -> None:
        self._salt = secrets.token_hex(16)

    def reading(self, member: Member, columns: Sequence[catalog.Column]) -> str:
        """Return what a SELECT lists to read the columns of a table without its people."""
        return ", ".join(self._read(member, column) for column in columns)

    def _read(self, member: Member, column: catalog.Column) -> str:
        name, kind = quoted(column.name), member.personal(column.name)
        if kind is Personal.EMAIL:
            return self._unless_empty(name, f"'person-' || {self._mark(f'lower({name})', 16)} || '@{DOMAIN}'")
        if kind is Personal.NAME:
            return self._unless_empty(name, f"'Person ' || upper({self._mark(name, 6)})")
        if kind is Personal.WORDS or (kind is None and not member.knows(column.name)):
            return self._emptied(column)
        return self._secret(column) if kind is Personal.SECRET else name

    def _mark(self, value: str, length: int) -> str:
        digest = f"sha256(convert_to('{self._salt}' || {value}, 'UTF8'))"
        return f"substr(encode({digest}, 'hex'), 1, {length})"

    def _unless_empty(self, name: str, instead: str) -> str:
        return f"CASE WHEN {name} = '' THEN '' ELSE {instead} END AS {name}"

    def _emptied(self, column: catalog.Column) -> str:
        name = quoted(column.name)
        if column.type in ("json", "jsonb"):
            return f"CASE WHEN {name} IS NULL THEN NULL ELSE '{{}}'::{column.type} END AS {name}"
        if column.words:
            return self._unless_empty(name, f"CASE WHEN {name} IS NULL THEN NULL ELSE '{WORDS}' END")
        return name if column.needed else f"NULL AS {name}"

    def _secret(self, column: catalog.Column) -> str:
        return f"'' AS {quoted(column.name)}" if column.needed else f"NULL AS {quoted(column.name)}"
