"""Reading a list from a CSV file line by line; never more than a few lines of it are in memory."""

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO

from app.accounts.rolls.normal import Field, Unreadable, normal
from app.core.errors import Invalid
from app.core.i18n import gettext as _

HEAD = 64 * 1024
SHOWN = 3
LONGEST_CELL = 2000
MOST_COLUMNS = 200
REPLACED = "\ufffd"
# What columns are called in the lists that cities get, in any language we have seen.
_NAMES: Mapping[Field, Sequence[str]] = {
    Field.NUMBER: ("number", "no", "voter id", "numero", "numéro", "numéro électeur", "sorszám", "azonosító"),
    Field.FAMILY_NAME: (
        "family name",
        "surname",
        "last name",
        "nom",
        "nom de naissance",
        "családi név",
        "apellido",
    ),
    Field.GIVEN_NAME: ("given name", "first name", "prénom", "prénoms", "utónév", "nombre"),
    Field.BIRTH_DATE: (
        "birth date",
        "date of birth",
        "date de naissance",
        "né le",
        "né(e) le",
        "születési dátum",
        "fecha de nacimiento",
    ),
    Field.POSTCODE: (
        "postcode",
        "zip",
        "zip code",
        "code postal",
        "cp",
        "irsz",
        "irányítószám",
        "código postal",
    ),
}


@dataclass(frozen=True, slots=True)
class Preview:
    """The beginning of a file."""

    header: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    guessed: Mapping[Field, str]


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds what; `carried` is the column whose value each person keeps, empty for none."""

    fields: Mapping[Field, str]
    carried: str = ""
    month_first: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """A line of the list: the values by which she is found, in one form, and what is known of her alone."""

    line: int
    values: Sequence[str]
    carried: str | None


@dataclass(frozen=True, slots=True)
class Wrong:
    """A line that cannot be used; `field` is None when it has too few cells or letters that cannot be read."""

    line: int
    field: Field | None


def preview(stream: IO[bytes]) -> Preview:
    """Return header and first lines; raises Invalid for what is no such file."""
    rows = _rows(stream)
    header = _header(rows)
    lines = tuple(tuple(row) for _number, row in zip(range(SHOWN), rows, strict=False))
    known = {name.casefold().strip(): name for name in header}
    found = {field: known[name] for field, names in _NAMES.items() for name in names[::-1] if name in known}
    return Preview(header, lines, found)


def people(stream: IO[bytes], columns: Columns) -> Iterator[Person | Wrong]:
    """Yield each line as a person, or as one that cannot be used; empty lines are passed over."""
    rows = _rows(stream)
    header = _header(rows)
    places = {field: _place(header, name) for field, name in columns.fields.items()}
    carried = _place(header, columns.carried) if columns.carried else None
    most = max([*places.values(), carried or 0])
    for line, row in enumerate(rows, 2):
        if not any(row):
            continue
        if len(row) <= most or any(REPLACED in cell for cell in row):
            yield Wrong(line, None)
            continue
        try:
            values = normal({field: row[at] for field, at in places.items()}, month_first=columns.month_first)
        except Unreadable as error:
            yield Wrong(line, error.field)
            continue
        yield Person(line, values, row[carried].strip() or None if carried is not None else None)


def _rows(stream: IO[bytes]) -> Iterator[list[str]]:
    head = stream.read(HEAD)
    stream.seek(0)
    if b"\0" in head:
        raise Invalid(_("This is no CSV file. Save the list as CSV, with UTF-8 if you can choose."))
    encoding = _encoding(head)
    text = io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="")
    first = head.decode(encoding, errors="replace").split("\n", 1)[0]
    delimiter = max(";,\t|", key=first.count)
    try:
        yield from csv.reader(text, delimiter=delimiter)
    except csv.Error as error:
        raise Invalid(_("A line of the file cannot be read: a quotation mark is not closed.")) from error
    finally:
        text.detach()


def _encoding(head: bytes) -> str:
    """Return UTF-8 unless the beginning cannot be it; older programs in Europe write Windows' own."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, final=False)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _header(rows: Iterator[list[str]]) -> tuple[str, ...]:
    try:
        header = tuple(cell.strip() for cell in next(rows, []))
    except UnicodeDecodeError as error:
        raise Invalid(_("This is no CSV file.")) from error
    if not 2 <= len(header) <= MOST_COLUMNS or any(len(cell) > LONGEST_CELL for cell in header):
        raise Invalid(_("The first line has to name the columns, with commas or semicolons between them."))
    if len({name.casefold() for name in header if name}) != len([name for name in header if name]):
        raise Invalid(_("Two columns have the same name. Give each its own."))
    return header


def _place(header: Sequence[str], name: str) -> int:
    try:
        return header.index(name)
    except ValueError:
        raise Invalid(_("The file has no column “%(name)s”. Was it another file?", name=name)) from None
