"""Rows of fields between semicolons, quoted as in CSV, each field with its place in the file.

The csv module of Python does not say where a field stands, and an error message without a place does not
help whoever prepared the file.
"""

from collections.abc import Iterator
from typing import Protocol

from .errors import PbCode, PbError

MAX_ROW = 1 << 20
"""The longest row, in bytes; a longer one is no `.pb` file, and reading it could fill the memory."""

_BOM = b"\xef\xbb\xbf"


class LineSource(Protocol):
    """An open binary file."""

    def readline(self, size: int, /) -> bytes:
        """Return the next line with its end, or its first `size` bytes; nothing at the end."""


class Row:
    """The fields of one row; spaces around unquoted fields are gone."""

    __slots__ = ("_places", "_raw", "fields")

    def __init__(self, fields: list[str], raw: list[str], places: list[tuple[int, int]]) -> None:
        self.fields = fields
        self._raw = raw
        self._places = places
        """Of every field and of the end, or, when the row is in one line without quotes, of the row."""

    def place(self, index: int) -> tuple[int, int]:
        """Return line and column of a field; of one that is missing, the place after the last."""
        if not self._raw:
            return self._places[min(index, len(self.fields))]
        line, _ = self._places[0]
        before = sum(map(len, self._raw[:index]))
        if index >= len(self._raw):
            return line, before + len(self._raw)
        field = self._raw[index]
        indent = len(field) - len(field.lstrip()) if field.strip() else 0
        return line, before + index + indent + 1

    def error(self, index: int, code: PbCode, **values: str | int) -> PbError:
        """Return an error about a field."""
        return PbError(*self.place(index), code, values)


class Rows(Iterator[Row]):
    """The rows of a file one after the other, empty lines left out."""

    def __init__(self, stream: LineSource) -> None:
        self._stream = stream
        self.line = 0
        """The number of the last line that was read."""

    def __next__(self) -> Row:
        while text := self.next_line():
            if not text.strip():
                continue
            if '"' in text:
                return _Cursor(self, text).row()
            raw = _without_end(text).split(";")
            return Row([field.strip() for field in raw], raw, [(self.line, 1)])
        raise StopIteration

    def end(self, code: PbCode, **values: str | int) -> PbError:
        """Return an error about something that the file should have gone on with."""
        return PbError(self.line + 1, 1, code, values)

    def next_line(self) -> str:
        """Return the next line with its end; nothing when there is none."""
        raw = self._stream.readline(MAX_ROW + 1)
        if not raw:
            return ""
        self.line += 1
        if len(raw) > MAX_ROW:
            raise PbError(self.line, 1, PbCode.LINE_TOO_LONG, {"limit": MAX_ROW})
        if self.line == 1:
            raw = raw.removeprefix(_BOM)
        return self._decoded(raw)

    def _decoded(self, raw: bytes) -> str:
        try:
            text = raw.decode()
        except UnicodeDecodeError as error:
            column = len(raw[: error.start].decode()) + 1
            raise PbError(self.line, column, PbCode.BAD_ENCODING, {"byte": raw[error.start]}) from None
        if "\0" in text:
            raise PbError(self.line, text.index("\0") + 1, PbCode.BAD_ENCODING, {"byte": 0})
        return text


class _Cursor:
    """Reads a row in which quotation marks occur; a quoted field may go on over several lines."""

    def __init__(self, rows: Rows, text: str) -> None:
        self._rows = rows
        self._text = text
        self._position = 0
        self._size = len(text)

    def row(self) -> Row:
        """Return the row."""
        fields: list[str] = []
        places: list[tuple[int, int]] = []
        while True:
            self._skip_spaces()
            places.append(self._place())
            quoted = self._text.startswith('"', self._position)
            fields.append(self._quoted() if quoted else self._plain())
            if self._position >= len(_without_end(self._text)):
                return Row(fields, [], [*places, self._place()])
            self._position += 1

    def _place(self) -> tuple[int, int]:
        return self._rows.line, self._position + 1

    def _skip_spaces(self) -> None:
        field = self._text[self._position : self._end_of_field()]
        self._position += len(field) - len(field.lstrip()) if field.strip() else 0

    def _end_of_field(self) -> int:
        end = self._text.find(";", self._position)
        return len(_without_end(self._text)) if end < 0 else end

    def _plain(self) -> str:
        start, self._position = self._position, self._end_of_field()
        return self._text[start : self._position].strip()

    def _quoted(self) -> str:
        opened = self._place()
        parts: list[str] = []
        self._position += 1
        while True:
            close = self._text.find('"', self._position)
            if close < 0:
                parts.append(self._text[self._position :])
                self._go_on(opened)
                continue
            parts.append(self._text[self._position : close])
            self._position = close + 1
            if not self._text.startswith('"', self._position):
                break
            parts.append('"')
            self._position += 1
        if self._plain():
            raise PbError(*opened, PbCode.TEXT_AFTER_QUOTE, {})
        return "".join(parts)

    def _go_on(self, opened: tuple[int, int]) -> None:
        """Read the next line of a quoted field."""
        self._text, self._position = self._rows.next_line(), 0
        self._size += len(self._text)
        if not self._text:
            raise PbError(*opened, PbCode.UNCLOSED_QUOTE, {})
        if self._size > MAX_ROW:
            raise PbError(*opened, PbCode.LINE_TOO_LONG, {"limit": MAX_ROW})


def _without_end(text: str) -> str:
    return text.removesuffix("\n").removesuffix("\r")
