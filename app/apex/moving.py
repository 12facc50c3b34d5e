"""Exports, restores and copies of whole cities: what the operators' console and the shell ask for."""

from collections.abc import Callable
from datetime import timedelta

from app.accounts.models import Role
from app.accounts.services import clean_email, create_confirmed, find
from app.core.audit import Search, audit, latest
from app.core.context import City, serving
from app.core.db import db, end_transaction
from app.core.errors import Invalid
from app.core.ids import new_short_id
from app.core.jobs import task
from tenants import journal, lifecycle, operations
from tenants.archive import places, shelf
from tenants.archive import restore as restoring
from tenants.archive.copying import copy
from tenants.archive.export import Wish
from tenants.archive.progress import Tell, nobody, to_operation
from tenants.archive.restore import Restored
from tenants.models import CityRecord, Operation
from tenants.models.upkeep import Json

MADE = "city.made_as_copy"


@operations.kind("export")
def export(operation: Operation) -> dict[str, Json]:
    """Export a city onto the shelf, where operators fetch it; `people: false` replaces its people."""
    city_id = str(operation.city_id)
    wish = Wish(people=operation.wish.get("people") is not False)
    outcome = shelf.make(city_id, wish, to_operation(operation.id))
    journal.note(
        "city.exported",
        city_id,
        people=wish.people,
        rows=_number(outcome["rows"]),
        bytes=_number(outcome["bytes"]),
    )
    end_transaction(keep=True)
    return outcome


@operations.kind("restore")
def restore(operation: Operation) -> dict[str, Json]:
    """Make a city of `file`, an archive on the shelf, under `address`; `name` and `empty_open_votes` may be given."""
    wish = operation.wish
    return _once(
        operation,
        lambda city_id: restored_from(
            str(wish.get("file")),
            address=str(wish.get("address")),
            name=_words(wish.get("name")),
            wish=restoring.Wish(empty_open_votes=wish.get("empty_open_votes") is True, id=city_id),
            tell=to_operation(operation.id),
        ),
    )


@operations.kind("copy")
def copy_for_training(operation: Operation) -> dict[str, Json]:
    """Copy a city to `address`; `name`, `people: true` and the mail address of an `administrator` may be given."""
    wish = operation.wish
    administrator = _words(wish.get("administrator"))
    told_of = _once(
        operation,
        lambda city_id: copied(
            str(operation.city_id),
            address=str(wish.get("address")),
            name=_words(wish.get("name")),
            people=wish.get("people") is True,
            administrator=administrator,
            new_id=city_id,
            tell=to_operation(operation.id),
        ),
    )
    # Whoever made the copy may have been killed before this.
    _let_in(str(told_of["city"]), administrator and clean_email(administrator))
    return told_of


@task("platform.forget_exports", every=timedelta(hours=6), of_platform=True)
def forget_exports() -> None:
    """Delete exports whose time is over, and what killed exports and restores have left."""
    shelf.forget_old()
    places.sweep()


def restored_from(
    file: str | restoring.File, *, address: str, name: str | None, wish: restoring.Wish, tell: Tell = nobody
) -> Restored:
    """Restore an archive, from the shelf when it is named, and write it down."""
    source = shelf.path_of(file) if isinstance(file, str) else file
    made = restoring.restore(source, address=address, name=name, wish=wish, tell=tell)
    journal.note("city.restored", made.id, rows=made.rows, files=made.files)
    end_transaction(keep=True)
    return made


def copied(
    city_id: str,
    *,
    address: str,
    name: str | None = None,
    people: bool = False,
    administrator: str | None = None,
    new_id: str | None = None,
    tell: Tell = nobody,
) -> Restored:
    """Copy a city for training, let an administrator in and write it down; raises Invalid for no mail address."""
    if administrator:
        administrator = clean_email(administrator)
    if not administrator and not people:
        raise Invalid("Name an administrator: nobody of the real city can sign in to the copy.")
    made = copy(city_id, address=address, name=name, people=people, new_id=new_id, tell=tell)
    journal.note("city.copied", city_id, copy=made.id, people=people)
    journal.note(MADE, made.id, original=city_id, people=people)
    end_transaction(keep=True)
    _let_in(made.id, administrator)
    return made


def told(made: Restored) -> dict[str, Json]:
    """Return what people want to know of a city that was made."""
    return {
        "city": made.id,
        "address": made.address,
        "name": made.name,
        "rows": made.rows,
        "files": made.files,
        "votes_begun_anew": list(made.emptied),
        "domains_to_prove": list(made.domains),
    }


def _once(operation: Operation, make: Callable[[str], Restored]) -> dict[str, Json]:
    """Make a city under an id that is written down first, so that whoever runs this again sees that it is there."""
    row = db.session.get_one(Operation, operation.id)
    planned = str(row.outcome.get("planned") or new_short_id())
    there = db.session.get(CityRecord, planned)
    if there is not None:
        return {"city": there.id, "address": there.slug, "name": there.name}
    row.outcome = {**row.outcome, "planned": planned}
    end_transaction(keep=True)
    return told(make(planned))


def _let_in(city_id: str, administrator: str | None) -> None:
    """Write down in a copy that it is one, once, and give it an administrator who signs in by mail."""
    city: City = lifecycle.as_city(db.session.get_one(CityRecord, city_id))
    end_transaction(keep=True)
    kept = False
    with serving(city):
        try:
            if latest(1, search=Search(action=MADE, subject=f"city:{city.id}")):
                return
            if administrator and find(administrator) is None:
                name = administrator.partition("@")[0]
                create_confirmed(administrator, name, role=Role.ADMINISTRATOR, language=city.language)
            audit(MADE, subject=f"city:{city.id}")
            kept = True
        finally:
            end_transaction(keep=kept)


def _words(value: Json) -> str | None:
    return value if isinstance(value, str) and value else None


def _number(value: Json) -> int:
    return value if isinstance(value, int) else 0
