"""Bring a city back from another server that has it as it was: beside the present one, or in its place."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from flask import current_app
from sqlalchemy import URL, Connection, create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from app.core.db import db, end_transaction
from app.core.errors import Conflict, Invalid, NotFound
from tenants import anchors, journal, lifecycle, names
from tenants.archive import export as exporting
from tenants.archive import restore as restoring
from tenants.archive.progress import Tell, nobody
from tenants.archive.restore import Restored
from tenants.models import CityRecord, Erasure

_CITY = text(
    "SELECT id, slug, name FROM platform.city WHERE id = :called OR slug = :called ORDER BY id = :called DESC"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A city as another server has it."""

    id: str
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Wish:
    """How a city is taken back."""

    moment: datetime
    files: Path | None = None
    """A copy of FILES_DIR from that time; None: the present uploads."""
    empty_open_votes: bool = False
    although_erased: bool = False


@contextmanager
def other_server(url: URL) -> Iterator[Connection]:
    """Open a connection to a server that has been recovered; raises Invalid when nobody answers there."""
    engine = create_engine(url.set(drivername="postgresql+psycopg"), poolclass=NullPool, hide_parameters=True)
    try:
        with engine.connect() as connection:
            connection.rollback()
            yield connection
    except OperationalError as error:
        raise Invalid(f"The recovered server does not answer: {str(error.orig).strip()}") from error


def find(source: Connection, called: str) -> Found:
    """Return the city with an id or address, as it was; raises NotFound."""
    with source.begin():
        row = source.execute(_CITY, {"called": called}).first()
    if row is None:
        raise NotFound(f"There was no city called {called} at that moment.")
    return Found(row.id, row.slug, row.name)


def beside(
    source: Connection, found: Found, wish: Wish, *, address: str = "", tell: Tell = nobody
) -> Restored:
    """Make a second city of what `found` was, to look at: suspended, unpublished, and nothing of it is mailed.

    Without an address it gets one made of the city's and the moment.
    """
    if db.session.get(Erasure, found.id) is not None and not wish.although_erased:
        raise Conflict(
            "This city was erased. Whoever brings it back acts against the certificate; see --although-erased."
        )
    files = _files_of(found.id, wish)
    with _archive(source, found.id, files, tell) as archive:
        closed = f"{found.name} as it was on {_said(wish.moment)}."
        options = restoring.Wish(published=False, empty_open_votes=wish.empty_open_votes, closed=closed)
        made = restoring.restore(
            archive, address=address or address_for(found.slug, wish.moment), wish=options, tell=tell
        )
    journal.note("city.rewound", made.id, source=found.id, moment=_said(wish.moment))
    return made


def in_place(source: Connection, record: CityRecord, wish: Wish, *, tell: Tell = nobody) -> Restored:
    """Put the city as it was in the place of what it is; no other city is touched.

    Uploads are added, none is removed: their names follow from their content, so those of today stay right.
    """
    city_id, city = record.id, lifecycle.as_city(record)
    find(source, city_id)
    end_transaction(keep=True)
    with _nothing() as none, _archive(source, city_id, _files_of(city_id, wish) or none, tell) as archive:
        options = restoring.Wish(empty_open_votes=wish.empty_open_votes)
        made = restoring.replace_contents(city_id, archive, wish=options, tell=tell)
    anchors.begin_anew(city_id)
    journal.note("city.rewound", city_id, moment=_said(wish.moment))
    journal.note_in_city(city, "city.rewound", moment=_said(wish.moment))
    return made


def address_for(slug: str, moment: datetime) -> str:
    """Return an address that says which city a copy is of, and of which moment."""
    end = f"-{moment:%Y%m%d-%H%M}"
    return slug[: names.MAX_LENGTH - len(end)].rstrip("-") + end


@contextmanager
def _archive(source: Connection, city_id: str, files: Path | None, tell: Tell) -> Iterator[IO[bytes]]:
    """Give the archive of the city as it was, in a file without a name: it goes with the process."""
    folder = current_app.config["PARVIS"].exports_dir
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryFile(dir=folder) as draft:
        exporting.export(
            city_id, draft, source_connection=source, wish=exporting.Wish(files=files), tell=tell
        )
        draft.seek(0)
        yield draft


@contextmanager
def _nothing() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def _files_of(city_id: str, wish: Wish) -> Path | None:
    if wish.files is None:
        return None
    folder = wish.files / city_id
    if not folder.is_dir():
        raise Invalid(f"{wish.files} has no folder {city_id}: give a copy of FILES_DIR.")
    return folder


def _said(moment: datetime) -> str:
    return moment.isoformat(sep=" ", timespec="seconds")
