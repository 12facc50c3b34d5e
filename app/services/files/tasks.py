"""What happens to files after the commit and at night: scanned, cleared away when nothing has taken them."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from flask import current_app
from sqlalchemy import select

from app.core.clock import now
from app.core.context import current_city
from app.core.db import db
from app.core.jobs import Lane, enqueue, task
from app.core.stores import QUARANTINE, UPLOADS, store
from app.services.files.models import File, Scan
from app.services.files.scanning import ScannerAway, scanner
from app.services.files.uploads import open_row

log = logging.getLogger("parvis.files")
# Whoever fills in a form has two days for it; what a crash left behind is as old before anybody takes it for lost.
UNTAKEN = timedelta(days=2)
QUARANTINED = timedelta(days=30)
MOST_AT_ONCE = 500
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)


@task("files.scan", lane=Lane.ROUTINE)
def scan(file_id: str) -> None:
    """Have one file looked at; while the scanner is away the file waits and is asked about again, later each time."""
    row = db.session.get(File, UUID(file_id), with_for_update=True)
    if row is None or row.scan is not Scan.WAITING:
        return
    try:
        with open_row(row) as stream:
            found = scanner().look(stream)
    except ScannerAway as error:
        log.warning("file %s of %s is not scanned yet: %s", row.id, current_city().id, error)
        enqueue("files.scan", at=now() + _wait(row.created_at), file_id=file_id)
        return
    row.scanned_at = now()
    if not found:
        row.scan = Scan.CLEAN
        return
    kept = row.place
    row.scan, row.found = Scan.INFECTED, found
    store().move(current_city().id, kept, row.place)
    log.error("file %s of %s is infected: %s", row.id, current_city().id, found)


@task("files.remove_content")
def remove_content(file_id: str) -> None:
    """Delete what the store has of a file that is known no more."""
    if db.session.get(File, UUID(file_id)) is None:
        for folder in (UPLOADS, QUARANTINE):
            store().remove(current_city().id, f"{folder}/{UUID(file_id)}")


@task("files.tidy", every=timedelta(days=1))
def tidy() -> None:
    """Remove files that nothing took, infected ones after a month, and content that no row knows of."""
    moment = now()
    _remove_rows(moment)
    _ask_again(moment)
    _remove_strangers(moment)
    left = current_app.config["PARVIS"].files_dir / ".incoming"
    for path in left.glob("*") if left.is_dir() else ():
        if path.stat().st_mtime < (moment - UNTAKEN).timestamp():
            path.unlink(missing_ok=True)


def _remove_rows(moment: datetime) -> None:
    untaken = File.attached_at.is_(None) & (File.created_at < moment - UNTAKEN)
    quarantined = (File.scan == Scan.INFECTED) & (File.scanned_at < moment - QUARANTINED)
    for row in db.session.scalars(select(File).where(untaken | quarantined).limit(MOST_AT_ONCE)):
        enqueue("files.remove_content", file_id=str(row.id))
        db.session.delete(row)


def _ask_again(moment: datetime) -> None:
    """Ask again about files that wait: those of a restored city came without the work that was asked for."""
    waiting = (File.scan == Scan.WAITING) & (File.created_at < moment - 2 * LONGEST_WAIT)
    for ident in db.session.scalars(select(File.id).where(waiting).limit(MOST_AT_ONCE)):
        enqueue("files.scan", file_id=str(ident))


def _remove_strangers(moment: datetime) -> None:
    """Delete content whose row never came to be, as when a transaction failed after the file was written."""
    known = {str(ident) for ident in db.session.scalars(select(File.id))}
    for one in list(store().kept(current_city().id)):
        folder, _, name = one.name.rpartition("/")
        if folder in (UPLOADS, QUARANTINE) and one.at < moment - UNTAKEN and name.lstrip(".") not in known:
            store().remove(current_city().id, one.name)


def _wait(since: datetime) -> timedelta:
    return min(LONGEST_WAIT, max(FIRST_WAIT, now() - since))
