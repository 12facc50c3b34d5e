"""All that is held about a person, as one file: for programs, for people, and the files she sent."""

import json
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from typing import IO
from uuid import UUID

from flask import render_template
from flask_babel import force_locale, format_date, format_datetime

from app.accounts.models import Account
from app.accounts.privacy.models import Download
from app.accounts.privacy.present import present
from app.core.audit import audit
from app.core.clock import local, now
from app.core.context import current_city
from app.core.db import db
from app.core.errors import Conflict, NotFound
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.jobs import Lane, enqueue, task
from app.core.people import Holding, Record
from app.core.stores import store
from app.notify.mail import send_mail

AGAIN_AFTER = timedelta(hours=24)
GIVEN_UP_AFTER = timedelta(hours=2)
MOST_RECORDS = 100_000
MOST_FILE_BYTES = 2_000_000_000
PIECE = 1 << 16
IN_MEMORY = 1 << 20
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "What one city holds about one person",
    "type": "object",
    "required": ["format", "city", "made_at", "holdings"],
    "properties": {
        "format": {"const": "parvis-my-data-1"},
        "city": {"type": "string"},
        "made_at": {"type": "string", "format": "date-time"},
        "holdings": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "title", "purpose", "basis", "kept", "records"],
                "properties": {
                    "name": {"type": "string"},
                    "title": {"type": "string"},
                    "purpose": {"type": "string"},
                    "basis": {"enum": ["consent", "contract", "legal_obligation", "public_task"]},
                    "kept": {"type": "string"},
                    "records": {"type": "array", "items": {"type": "object"}},
                },
            },
        },
    },
}


def of(account_id: UUID) -> Download | None:
    """Return what the person asked for last."""
    return db.session.get(Download, account_id)


def ask(account: Account) -> None:
    """Have a person's data put together; raises Conflict when she has asked within a day."""
    known = db.session.get(Download, account.id, with_for_update=True)
    if known is not None:
        wait = AGAIN_AFTER if known.made_at else GIVEN_UP_AFTER
        if known.asked_at + wait > now():
            raise Conflict(
                _("You asked for your data within the last day. Fetch that file, or ask again tomorrow.")
            )
        store().remove(current_city().id, known.place)
        known.id, known.asked_at, known.made_at, known.bytes = new_id(), now(), None, 0
    else:
        known = Download(account_id=account.id, id=new_id(), asked_at=now(), bytes=0)
        db.session.add(known)
    db.session.flush()
    audit("privacy.data_asked", subject=f"account:{account.id}")
    enqueue("privacy.collect", account_id=str(account.id), download_id=str(known.id))


@task("privacy.collect", lane=Lane.ROUTINE)
def collect(account_id: str, download_id: str) -> None:
    """Put a person's data together and write to her; a second run finds it done."""
    found = db.session.get(Download, UUID(account_id), with_for_update=True)
    person = db.session.get(Account, UUID(account_id))
    if found is None or person is None or found.id != UUID(download_id) or found.made_at is not None:
        return
    with tempfile.TemporaryFile() as draft, force_locale(person.language):
        write(person, draft)
        found.bytes = draft.tell()
        draft.seek(0)
        store().put(current_city().id, found.place, draft, found.bytes)
    found.made_at = now()
    send_mail("my_data_ready", person.email, person.language, name=person.name)


def fetch(account_id: UUID, download_id: UUID) -> tuple[Download, IO[bytes]]:
    """Return a person's own file, open; raises NotFound for any other one."""
    found = db.session.get(Download, account_id)
    if found is None or found.id != download_id or found.made_at is None:
        raise NotFound(_("There is no such file."))
    try:
        return found, store().open(current_city().id, found.place)
    except FileNotFoundError as error:
        raise NotFound(_("There is no such file.")) from error


def write(person: Account, stream: IO[bytes]) -> None:
    """Write the archive in the language that is set; one record at a time."""
    held = present()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("data.json", "w") as out:
            for piece in as_json(person, held):
                out.write(piece.encode())
        with archive.open("index.html", "w") as out:
            for piece in _as_page(person, held):
                out.write(piece.encode())
        archive.writestr("schema.json", json.dumps(SCHEMA, indent=2))
        _write_files(archive, person, held)


def as_json(person: Account, held: Iterable[Holding]) -> Iterator[str]:
    """Yield the data for programs, as schema.json describes them."""
    head = {"format": "parvis-my-data-1", "city": current_city().name, "made_at": now().isoformat()}
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "holdings": ['
    for place, one in enumerate(held):
        about = {
            "name": one.name,
            "title": str(one.title),
            "purpose": str(one.purpose),
            "basis": one.basis.value,
            "kept": str(one.kept),
        }
        yield (",\n" if place else "\n") + json.dumps(about, ensure_ascii=False)[:-1] + ', "records": ['
        for number, record in enumerate(records(one, person.id)):
            yield (
                ("," if number else "") + "\n" + json.dumps(dict(record), ensure_ascii=False, default=_plain)
            )
        yield "]}"
    yield "\n]}\n"


def records(holding: Holding, account_id: UUID) -> Iterator[Record]:
    """Return what is held about a person under one heading, bounded."""
    return islice(iter(holding.collect(account_id)), MOST_RECORDS)


def _as_page(person: Account, held: Iterable[Holding]) -> Iterator[str]:
    yield render_template("portal/my_data_file_head.html", person=person, made_at=now())
    for one in held:
        lines = ([(key, _said(value)) for key, value in record.items()] for record in records(one, person.id))
        yield render_template("portal/my_data_file_part.html", holding=one, records=lines)
    yield "</main></body></html>\n"


def _write_files(archive: zipfile.ZipFile, person: Account, held: Iterable[Holding]) -> None:
    room = MOST_FILE_BYTES
    for one in held:
        for name, stream in one.files(person.id):
            with stream, archive.open(f"files/{name}", "w") as out:
                while room > 0 and (piece := stream.read(PIECE)):
                    out.write(piece)
                    room -= len(piece)
        if room <= 0:
            archive.writestr(
                "files/README.txt", "The files are too large for one archive. Ask the city for the rest.\n"
            )
            return


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return sorted(map(str, value)) if isinstance(value, set | frozenset) else str(value)


def _said(value: object) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return str(format_datetime(local(value), rebase=False))
    if isinstance(value, date):
        return str(format_date(value))
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, ensure_ascii=False, default=_plain) if value else "–"
    return "–" if value in (None, "") else str(value)
