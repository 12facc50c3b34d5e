"""Reading a JSON document strictly: a missing or wrong value is named by its path."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

Choice = TypeVar("Choice", bound=StrEnum)


class DocumentError(ValueError):
    """A value of the document is missing or of the wrong kind."""

    def __init__(self, path: str, expected: str) -> None:
        super().__init__(f"{path or 'the document'}: {expected} expected")
        self.path = path
        self.expected = expected


class Document:
    """An object of a JSON document, with its path for error messages."""

    def __init__(self, value: object, path: str = "") -> None:
        if not isinstance(value, Mapping):
            raise DocumentError(path, "an object")
        self._values = value
        self._path = path

    def names(self) -> list[str]:
        """Return the names in the object."""
        return [str(key) for key in self._values]

    def values(self) -> dict[str, object]:
        """Return the object as it is, for what is kept and not read."""
        return {str(key): value for key, value in self._values.items()}

    def path(self, key: str) -> str:
        """Return where a value stands in the whole document."""
        return f"{self._path}.{key}" if self._path else key

    def has(self, key: str) -> bool:
        """Tell whether a value is there and not null."""
        return self._values.get(key) is not None

    def knows(self, key: str) -> bool:
        """Tell whether a value is there, be it null."""
        return key in self._values

    def text(self, key: str) -> str:
        """Return a text."""
        value = self._values.get(key)
        if not isinstance(value, str):
            raise DocumentError(self.path(key), "a text")
        return value

    def number(self, key: str) -> int:
        """Return a whole number."""
        value = self._values.get(key)
        if not isinstance(value, int) or isinstance(value, bool):
            raise DocumentError(self.path(key), "a whole number")
        return value

    def optional_number(self, key: str) -> int | None:
        """Return a whole number, or nothing where there is none."""
        return self.number(key) if self.has(key) else None

    def truth(self, key: str) -> bool:
        """Return true or false."""
        value = self._values.get(key)
        if not isinstance(value, bool):
            raise DocumentError(self.path(key), "true or false")
        return value

    def one_of(self, key: str, choices: type[Choice]) -> Choice:
        """Return one of the known words."""
        text = self.text(key)
        if text not in set(choices):
            raise DocumentError(self.path(key), " or ".join(choices))
        return choices(text)

    def instant(self, key: str) -> datetime:
        """Return an instant with its time zone."""
        text = self.text(key)
        try:
            value = datetime.fromisoformat(text)
        except ValueError:
            raise DocumentError(self.path(key), "an instant") from None
        if value.tzinfo is None:
            raise DocumentError(self.path(key), "an instant with its time zone")
        return value

    def part(self, key: str) -> "Document":
        """Return an object inside this one."""
        return Document(self._values.get(key), self.path(key))

    def parts(self, key: str) -> Iterator["Document"]:
        """Return the objects of a list."""
        for index, value in enumerate(self._list(key)):
            yield Document(value, f"{self.path(key)}[{index}]")

    def numbers(self, key: str) -> tuple[int, ...]:
        """Return a list of whole numbers."""
        values = self._list(key)
        found = tuple(value for value in values if isinstance(value, int) and not isinstance(value, bool))
        if len(found) != len(values):
            raise DocumentError(self.path(key), "a list of whole numbers")
        return found

    def _list(self, key: str) -> list[object]:
        value = self._values.get(key)
        if not isinstance(value, list):
            raise DocumentError(self.path(key), "a list")
        return value
